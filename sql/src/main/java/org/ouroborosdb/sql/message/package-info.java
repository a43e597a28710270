/** What a statement that fails is told: the SQLSTATE, the place, and what was perhaps meant. */
@NullMarked
package org.ouroborosdb.sql.message;

import org.jspecify.annotations.NullMarked;
