/** The codecs of stored bytes. Compression lies under the hash: names are of the plain bytes. */
@NullMarked
package org.ouroborosdb.store.compression;

import org.jspecify.annotations.NullMarked;
