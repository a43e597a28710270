/**
 * Executing the plan of a query: its rows, what it can ask for while it runs, and the memory that
 * it may hold.
 */
@NullMarked
package org.ouroborosdb.sql.run;

import org.jspecify.annotations.NullMarked;
