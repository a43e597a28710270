/** Versions of an event: what is current, what the next one says, how several heads become one. */
@NullMarked
package org.ouroborosdb.store.versions;

import org.jspecify.annotations.NullMarked;
