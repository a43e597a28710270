/** What the build gives to other projects, used as they would. */
@NullMarked
package org.ouroborosdb.install;

import org.jspecify.annotations.NullMarked;
