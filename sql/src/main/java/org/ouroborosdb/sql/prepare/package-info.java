/**
 * From the text of a statement to its plan: the cache, the parser, the compilers of INSERT, UPDATE,
 * DELETE and CALL.
 */
@NullMarked
package org.ouroborosdb.sql.prepare;

import org.jspecify.annotations.NullMarked;
