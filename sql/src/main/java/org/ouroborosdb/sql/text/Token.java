package org.ouroborosdb.sql.text;

import java.util.Locale;

/**
 * A piece of a statement's text.
 *
 * @param kind what it is
 * @param text its characters as typed
 * @param start the index of its first character
 */
public record Token(Kind kind, String text, int start) {
  /** The kinds of token. */
  public enum Kind {
    /** A keyword or an unquoted identifier. */
    WORD,
    /** An identifier in double quotes. */
    QUOTED,
    /** A character literal without prefix. */
    STRING,
    /** A number without exponent or point. */
    INTEGER,
    /** Any other literal: {@code X'..', U&'..', 1.5}. */
    LITERAL,
    /** A question mark. */
    PARAMETER,
    /** An operator or a punctuation mark. */
    SYMBOL
  }

  public int end() {
    return start + text.length();
  }

  boolean isWord(String keyword) {
    return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
  }

  public boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  public String upper() {
    return text.toUpperCase(Locale.ROOT);
  }
}
