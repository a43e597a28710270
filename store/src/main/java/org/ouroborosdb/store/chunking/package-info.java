/**
 * Where content is cut into chunks. Cut points depend on the bytes around them, so that an insertion
 * changes the chunks it touches and no others. The parameters are part of the format.
 */
@NullMarked
package org.ouroborosdb.store.chunking;

import org.jspecify.annotations.NullMarked;
