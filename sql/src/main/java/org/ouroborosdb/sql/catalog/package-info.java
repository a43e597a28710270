/** The schemas of an engine, and what their names mean in a statement. */
@NullMarked
package org.ouroborosdb.sql.catalog;

import org.jspecify.annotations.NullMarked;
