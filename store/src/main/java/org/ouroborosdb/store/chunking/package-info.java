/**
 * Where content is cut into chunks. Cut points depend on the bytes before them, so that an
 * insertion changes the chunks around it and no others. The parameters are part of the format.
 */
@NullMarked
package org.ouroborosdb.store.chunking;

import org.jspecify.annotations.NullMarked;
