/** One test class a promise of docs/PROMISES.md. */
@NullMarked
package org.ouroborosdb.store.promises;

import org.jspecify.annotations.NullMarked;
