/**
 * From a parsed query to what is executed: the phases of planning, the rules that are ours, and the
 * plan of each kind of statement.
 */
@NullMarked
package org.ouroborosdb.sql.plan;

import org.jspecify.annotations.NullMarked;
