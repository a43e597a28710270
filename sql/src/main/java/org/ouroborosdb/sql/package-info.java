/**
 * The statement engine over an event store, as its users see it: sessions, prepared plans, rows,
 * types and errors. {@link org.ouroborosdb.sql.session.SqlEngine} opens it.
 *
 * <p>A statement goes through {@code text}, {@code prepare}, {@code plan} and {@code run}; {@code
 * session} leads it.
 */
@NullMarked
package org.ouroborosdb.sql;

import org.jspecify.annotations.NullMarked;
