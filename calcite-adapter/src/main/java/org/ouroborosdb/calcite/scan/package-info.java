/**
 * The reading of a virtual table: what a scan is to give, through which access path, and how it
 * runs over a snapshot.
 */
@NullMarked
package org.ouroborosdb.calcite.scan;

import org.jspecify.annotations.NullMarked;
