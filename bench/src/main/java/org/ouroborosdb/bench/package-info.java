/** The benchmark beside H2 and SQLite; never a test. */
@NullMarked
package org.ouroborosdb.bench;

import org.jspecify.annotations.NullMarked;
