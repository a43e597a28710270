/** The JDBC driver. */
@NullMarked
package org.ouroborosdb.jdbc;

import org.jspecify.annotations.NullMarked;
