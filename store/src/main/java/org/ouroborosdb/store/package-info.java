/** The public types of the event store. */
@NullMarked
package org.ouroborosdb.store;

import org.jspecify.annotations.NullMarked;
