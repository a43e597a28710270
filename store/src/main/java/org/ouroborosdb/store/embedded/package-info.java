/** The store in a directory of this machine: {@link EmbeddedEventStore} puts the parts together. */
@NullMarked
package org.ouroborosdb.store.embedded;

import org.jspecify.annotations.NullMarked;
