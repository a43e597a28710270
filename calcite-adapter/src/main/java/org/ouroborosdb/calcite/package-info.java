/** Virtual tables over an event store for Apache Calcite. */
@NullMarked
package org.ouroborosdb.calcite;

import org.jspecify.annotations.NullMarked;
