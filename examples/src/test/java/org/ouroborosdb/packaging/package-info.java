/** Checks what is handed out: the modules' coordinates and the driver's one jar. */
@NullMarked
package org.ouroborosdb.packaging;

import org.jspecify.annotations.NullMarked;
