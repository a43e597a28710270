package org.ouroborosdb.sql.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a statement into tokens, leaving out blanks and comments. Never fails: what it does not know
 * becomes a symbol, and the parser names the error.
 */
final class SqlLexer {
  private static final List<String> LONG_SYMBOLS = List.of("<>", "<=", ">=", "!=", "||", "=>");

  private final String sql;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private SqlLexer(String sql) {
    this.sql = sql;
  }

  static List<Token> tokens(String sql) {
    SqlLexer lexer = new SqlLexer(sql);
    while (lexer.at < sql.length()) {
      lexer.next();
    }
    return lexer.tokens;
  }

  private void next() {
    char c = sql.charAt(at);
    if (Character.isWhitespace(c)) {
      at++;
    } else if (sql.startsWith("--", at) || sql.startsWith("//", at)) {
      skipPast("\n");
    } else if (sql.startsWith("/*", at)) {
      at += 2;
      skipPast("*/");
    } else if (c == '\'') {
      add(Token.Kind.STRING, quotedEnd(at));
    } else if (c == '"') {
      add(Token.Kind.QUOTED, quotedEnd(at));
    } else if (isDigit(c) || (c == '.' && at + 1 < sql.length() && isDigit(sql.charAt(at + 1)))) {
      number();
    } else if (Character.isJavaIdentifierStart(c)) {
      word();
    } else {
      symbol(c);
    }
  }

  private void word() {
    int end = at + 1;
    while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
      end++;
    }
    if (end < sql.length() && sql.charAt(end) == '\'' && end - at == 1) {
      add(Token.Kind.LITERAL, quotedEnd(end));
    } else if (sql.startsWith("&'", end) || sql.startsWith("&\"", end)) {
      add(Token.Kind.LITERAL, quotedEnd(end + 1));
    } else {
      add(Token.Kind.WORD, end);
    }
  }

  private void number() {
    int end = at;
    boolean integer = true;
    while (end < sql.length()) {
      char c = sql.charAt(end);
      boolean sign = (c == '+' || c == '-') && (sql.charAt(end - 1) | 0x20) == 'e' && end > at;
      if (!isDigit(c) && !Character.isJavaIdentifierPart(c) && c != '.' && !sign) {
        break;
      }
      integer &= isDigit(c);
      end++;
    }
    add(integer ? Token.Kind.INTEGER : Token.Kind.LITERAL, end);
  }

  private void symbol(char c) {
    if (c == '?') {
      add(Token.Kind.PARAMETER, at + 1);
      return;
    }
    for (String symbol : LONG_SYMBOLS) {
      if (sql.startsWith(symbol, at)) {
        add(Token.Kind.SYMBOL, at + symbol.length());
        return;
      }
    }
    add(Token.Kind.SYMBOL, at + 1);
  }

  /** Returns the index behind a quoted text; a doubled quote stays inside. */
  private int quotedEnd(int open) {
    char quote = sql.charAt(open);
    for (int i = open + 1; i < sql.length(); i++) {
      if (sql.charAt(i) == quote) {
        if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
          i++;
        } else {
          return i + 1;
        }
      }
    }
    return sql.length();
  }

  private void skipPast(String end) {
    int found = sql.indexOf(end, at);
    at = found < 0 ? sql.length() : found + end.length();
  }

  private void add(Token.Kind kind, int end) {
    tokens.add(new Token(kind, sql.substring(at, end), at));
    at = end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
