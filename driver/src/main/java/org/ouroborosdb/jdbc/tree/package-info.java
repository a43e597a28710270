/**
 * Directory trees as event trees: how files become events and events become files again.
 *
 * <p>A directory is an event without content, a file one with content, a symbolic link one whose
 * metadata names its target; titles are names. Metadata is the JSON that {@link FileMetadata}
 * describes. Importing again appends versions to the same events.
 */
@NullMarked
package org.ouroborosdb.jdbc.tree;

import org.jspecify.annotations.NullMarked;
