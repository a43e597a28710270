package org.ouroborosdb.sql;

import java.util.Locale;

/**
 * A piece of a statement's text.
 *
 * @param kind what it is
 * @param text its characters as typed
 * @param start the index of its first character
 */
record Token(Kind kind, String text, int start) {
  /** The kinds of token. */
  enum Kind {
    /** A keyword or an unquoted identifier. */
    WORD,
    /** An identifier in double quotes. */
    QUOTED,
    /** A character literal without prefix. */
    STRING,
    /** A number without exponent or point. */
    INTEGER,
    /** Any other literal: X'..', U&'..', 1.5. */
    LITERAL,
    /** A question mark. */
    PARAMETER,
    /** An operator or a punctuation mark. */
    SYMBOL
  }

  int end() {
    return start + text.length();
  }

  boolean isWord(String keyword) {
    return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  String upper() {
    return text.toUpperCase(Locale.ROOT);
  }
}
