/** What is known of the columns of a virtual table, before anything of it is read. */
@NullMarked
package org.ouroborosdb.calcite.column;

import org.jspecify.annotations.NullMarked;
