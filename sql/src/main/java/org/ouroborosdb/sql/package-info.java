/** The statement engine over an event store. */
@NullMarked
package org.ouroborosdb.sql;

import org.jspecify.annotations.NullMarked;
