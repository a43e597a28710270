/** What the code of all modules must look like, checked as tests. */
@NullMarked
package org.ouroborosdb.architecture;

import org.jspecify.annotations.NullMarked;
