/**
 * The choices that make Calcite's SQL ours: syntax, types and how they meet, the values of each
 * type on their way in and out.
 */
@NullMarked
package org.ouroborosdb.sql.dialect;

import org.jspecify.annotations.NullMarked;
