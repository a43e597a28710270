package org.ouroborosdb.sql.text;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlJdbcFunctionCall;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;

/**
 * Rewrites what JDBC (4.3, section 13.4) puts in braces. The parser reads {d}, {t} and {ts} itself;
 * of {fn} it knows the functions that JDBC lists, under their names in capitals.
 */
final class JdbcEscapes {
  /** The functions that the parser translates; others are called as they are. */
  private static final Set<String> FUNCTIONS =
      Stream.of(
              SqlJdbcFunctionCall.getNumericFunctions(),
              SqlJdbcFunctionCall.getStringFunctions(),
              SqlJdbcFunctionCall.getTimeDateFunctions(),
              SqlJdbcFunctionCall.getSystemFunctions())
          .flatMap(names -> Arrays.stream(names.split(",", -1)))
          .collect(Collectors.toUnmodifiableSet());

  /** Forms of their own in the parser. */
  private static final Set<String> KEYWORDS = Set.of("TIMESTAMPADD", "TIMESTAMPDIFF");

  /** Types of CONVERT whose SQL name is another; those without a length must cut nothing. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("BIT", "BOOLEAN"),
          Map.entry("NUMERIC", "DECIMAL(38, 19)"),
          Map.entry("DECIMAL", "DECIMAL(38, 19)"),
          Map.entry("CHAR", "VARCHAR"),
          Map.entry("LONGVARCHAR", "VARCHAR"),
          Map.entry("NCHAR", "VARCHAR"),
          Map.entry("NVARCHAR", "VARCHAR"),
          Map.entry("BINARY", "VARBINARY"),
          Map.entry("LONGVARBINARY", "VARBINARY"),
          Map.entry("TIME", "TIME(3)"),
          Map.entry("TIMESTAMP", "TIMESTAMP(3)"));

  private final List<Token> tokens;
  private final EditedText text;

  private JdbcEscapes(List<Token> tokens, EditedText text) {
    this.tokens = tokens;
    this.text = text;
  }

  static void rewrite(List<Token> tokens, EditedText text) {
    JdbcEscapes escapes = new JdbcEscapes(tokens, text);
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).isSymbol("{")) {
        escapes.rewrite(i);
      } else if (tokens.get(i).isWord("ESCAPE") && tokens.get(i + 1).text().equals("''")) {
        escapes.blank(tokens.get(i)); // none, as mappers write it; the planner wants a character
        escapes.blank(tokens.get(i + 1));
      }
    }
  }

  /** Returns whether a statement is a call: {call ...} or {? = call ...}. */
  static boolean isCall(List<Token> tokens) {
    return tokens.size() > 1
        && tokens.get(0).isSymbol("{")
        && (tokens.get(1).isWord("CALL") || isResult(tokens));
  }

  private static boolean isResult(List<Token> tokens) {
    return tokens.get(1).kind() == Token.Kind.PARAMETER;
  }

  /** Takes the braces from {call ...}, and adds the parentheses that a call may lack. */
  static void rewriteCall(List<Token> tokens, EditedText text) {
    boolean braces = tokens.get(0).isSymbol("{");
    if (braces && isResult(tokens)) {
      throw new SqlException(
          SqlState.NOT_SUPPORTED,
          "{? = call ...} is not supported: procedures return no value but rows or a count",
          null);
    }
    int end = tokens.size();
    boolean closed = braces && tokens.get(end - 1).isSymbol("}");
    Token last = tokens.get(closed ? end - 2 : end - 1);
    if (last.kind() == Token.Kind.WORD && !last.isWord("CALL")) {
      text.replace(last.end(), last.end(), "()");
    }
    if (closed) {
      JdbcEscapes escapes = new JdbcEscapes(tokens, text);
      escapes.blank(tokens.get(0));
      escapes.blank(tokens.get(end - 1));
    }
  }

  private void rewrite(int open) {
    Token word = tokens.get(open + 1);
    int close = closing(open, "{", "}");
    if (close < 0 || word.kind() != Token.Kind.WORD) {
      return;
    }
    switch (word.upper()) {
      case "FN" -> function(open, close);
      case "OJ" -> unwrap(open, close, true);
      case "ESCAPE", "LIMIT" -> unwrap(open, close, false);
      default -> {
        // the parser reads it, or says where the error is
      }
    }
  }

  private void function(int open, int close) {
    if (open + 3 >= close || !tokens.get(open + 3).isSymbol("(")) {
      return;
    }
    Token name = tokens.get(open + 2);
    if (name.isWord("CONVERT")) {
      convert(open, close);
    } else if (KEYWORDS.contains(name.upper())) {
      return;
    } else if (name.kind() == Token.Kind.WORD && FUNCTIONS.contains(name.upper())) {
      text.replace(name.start(), name.end(), '"' + name.upper() + '"');
    } else {
      unwrap(open, close, true);
    }
  }

  /** Writes {fn CONVERT(value, SQL_TYPE)} as CAST(value AS TYPE). */
  private void convert(int open, int close) {
    int end = closing(open + 3, "(", ")");
    if (end != close - 1 || end < open + 7 || !tokens.get(end - 2).isSymbol(",")) {
      return;
    }
    Token type = tokens.get(end - 1);
    String name = type.upper().startsWith("SQL_") ? type.upper().substring(4) : type.upper();
    Token function = tokens.get(open + 2);
    unwrap(open, close, true);
    text.replace(function.start(), function.end(), "CAST");
    text.replace(tokens.get(end - 2).start(), tokens.get(end - 2).end(), " AS ");
    text.replace(type.start(), type.end(), TYPES.getOrDefault(name, name));
  }

  private void unwrap(int open, int close, boolean withWord) {
    blank(tokens.get(open));
    blank(tokens.get(close));
    if (withWord) {
      blank(tokens.get(open + 1));
    }
  }

  private void blank(Token token) {
    text.replace(token.start(), token.end(), " ".repeat(token.text().length()));
  }

  private int closing(int open, String opening, String closing) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (tokens.get(i).isSymbol(opening)) {
        depth++;
      } else if (tokens.get(i).isSymbol(closing) && --depth == 0) {
        return i;
      }
    }
    return -1;
  }
}
