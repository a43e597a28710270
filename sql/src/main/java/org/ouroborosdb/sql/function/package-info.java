/**
 * Functions and operators where Calcite's lack, or do something else than the manual says: they
 * stand in for its own, and generated code calls them.
 */
@NullMarked
package org.ouroborosdb.sql.function;

import org.jspecify.annotations.NullMarked;
