/**
 * What a PATCH stores: the change from its parent's content to its own, and how that is made, read
 * and checked. docs/FORMAT.md has its bytes.
 *
 * <p>A <em>delta</em> is a row of <em>windows</em>. Each says which bytes of the base it was coded
 * against; the ranges of the windows follow each other in the base as the windows do in the result,
 * so that reading goes through the base once, window by window, whatever the length.
 */
@NullMarked
package org.ouroborosdb.store.patch;

import org.jspecify.annotations.NullMarked;
