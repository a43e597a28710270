/** The README's own words, run. */
@NullMarked
package org.ouroborosdb.readme;

import org.jspecify.annotations.NullMarked;
