/** The walk over everything that a store holds. */
@NullMarked
package org.ouroborosdb.store.verify;

import org.jspecify.annotations.NullMarked;
