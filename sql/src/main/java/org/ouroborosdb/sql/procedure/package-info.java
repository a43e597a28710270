/** What CALL runs: one class a procedure. */
@NullMarked
package org.ouroborosdb.sql.procedure;

import org.jspecify.annotations.NullMarked;
