/** Keys with values and their history, kept as events. */
@NullMarked
package org.ouroborosdb.store.kv;

import org.jspecify.annotations.NullMarked;
