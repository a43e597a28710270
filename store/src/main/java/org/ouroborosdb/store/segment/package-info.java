/** The log: append-only segments of framed records, the truth of a store. */
@NullMarked
package org.ouroborosdb.store.segment;

import org.jspecify.annotations.NullMarked;
