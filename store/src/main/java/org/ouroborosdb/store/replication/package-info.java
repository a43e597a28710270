/** Merging stores that diverged: replicas, what they ask of each other, and the change feed. */
@NullMarked
package org.ouroborosdb.store.replication;

import org.jspecify.annotations.NullMarked;
