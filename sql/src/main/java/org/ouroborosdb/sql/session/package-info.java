/** The engine, its sessions, and how they execute the plan of each kind of statement. */
@NullMarked
package org.ouroborosdb.sql.session;

import org.jspecify.annotations.NullMarked;
