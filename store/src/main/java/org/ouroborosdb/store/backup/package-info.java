/** Copies of a store that are stores themselves: backup, restore, and repair from a copy. */
@NullMarked
package org.ouroborosdb.store.backup;

import org.jspecify.annotations.NullMarked;
