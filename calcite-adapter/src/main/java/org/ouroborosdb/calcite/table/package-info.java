/** The virtual tables, one file each: their columns, their indexes, and how their rows are read. */
@NullMarked
package org.ouroborosdb.calcite.table;

import org.jspecify.annotations.NullMarked;
