/** What moves conditions, columns, orders, counts and joins of a plan into its scans. */
@NullMarked
package org.ouroborosdb.calcite.rule;

import org.jspecify.annotations.NullMarked;
