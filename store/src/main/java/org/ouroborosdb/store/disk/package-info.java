/** The seam to files: everything a store reads or writes goes through {@link Disk}. */
@NullMarked
package org.ouroborosdb.store.disk;

import org.jspecify.annotations.NullMarked;
