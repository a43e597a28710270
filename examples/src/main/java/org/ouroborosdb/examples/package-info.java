/** Small programs that use the driver and the store. */
@NullMarked
package org.ouroborosdb.examples;

import org.jspecify.annotations.NullMarked;
