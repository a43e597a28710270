/**
 * The way of bytes into the store and out of it.
 *
 * <p>In: a stream is read in <em>blocks</em>, cut into chunks, and each chunk is hashed, looked up,
 * and, if new, compressed and appended to the log. Out: {@link
 * org.ouroborosdb.store.ingest.ChunkReader} is the one place where chunk bytes enter from the disk,
 * and hands out only what it has hashed.
 */
@NullMarked
package org.ouroborosdb.store.ingest;

import org.jspecify.annotations.NullMarked;
