/**
 * The index over the log: MVStore maps from keys to sequence numbers and from these to rows.
 *
 * <p>It holds nothing that the segments do not, and can be built from them at any time.
 */
@NullMarked
package org.ouroborosdb.store.index;

import org.jspecify.annotations.NullMarked;
