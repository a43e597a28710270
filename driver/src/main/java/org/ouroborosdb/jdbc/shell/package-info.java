/** The command line. */
@NullMarked
package org.ouroborosdb.jdbc.shell;

import org.jspecify.annotations.NullMarked;
