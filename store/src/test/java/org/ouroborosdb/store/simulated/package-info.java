/** A disk that fails as real ones do, and replays it: the world that the store's promises meet. */
@NullMarked
package org.ouroborosdb.store.simulated;

import org.jspecify.annotations.NullMarked;
