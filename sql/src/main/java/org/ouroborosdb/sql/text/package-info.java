/**
 * The text of a statement before the parser sees it: tokens, JDBC escapes, spellings that Calcite
 * does not read, and where each character was in what was typed.
 */
@NullMarked
package org.ouroborosdb.sql.text;

import org.jspecify.annotations.NullMarked;
