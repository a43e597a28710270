/** The functions that SQL calls over events, and what generated code calls for them. */
@NullMarked
package org.ouroborosdb.calcite.function;

import org.jspecify.annotations.NullMarked;
