package org.ouroborosdb.sql.text;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * FOR SYSTEM_TIME AS OF behind a function in FROM, where the parser does not take it: terms with
 * operators between them.
 *
 * @param start the first token of the moment
 * @param end the token behind it
 */
record FunctionMoment(int start, int end) {
  private static final List<String> WORDS = List.of("FOR", "SYSTEM_TIME", "AS", "OF");

  private static final Set<String> OPERATORS = Set.of("+", "-", "*", "/", "||");

  /** What may stand between an INTERVAL's value and the next operator. */
  private static final Set<String> UNITS =
      Set.of("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "TO");

  /** Returns the moment behind a token; null if none is there. */
  static @Nullable FunctionMoment behind(List<Token> body, int token, Clauses clauses) {
    int start = token + 1 + WORDS.size();
    if (start >= body.size()) {
      return null;
    }
    for (int i = 0; i < WORDS.size(); i++) {
      if (!body.get(token + 1 + i).isWord(WORDS.get(i))) {
        return null;
      }
    }
    int end = new Term(body, clauses).end(start);
    while (end < body.size() && OPERATORS.contains(body.get(end).text())) {
      end = new Term(body, clauses).end(end + 1);
    }
    return new FunctionMoment(start, end);
  }

  /** Finds where a literal, a parameter, a name, a call, or what is in parentheses ends. */
  private record Term(List<Token> body, Clauses clauses) {
    int end(int start) {
      int at = isSymbol(start, "-") || isSymbol(start, "+") ? start + 1 : start;
      if (isSymbol(at, "{")) { // one of JDBC's escapes
        while (at < body.size() && !body.get(at).isSymbol("}")) {
          at++;
        }
        return Math.min(at + 1, body.size());
      }
      boolean interval = at < body.size() && body.get(at).isWord("INTERVAL");
      if (isWord(at)) {
        at++;
      }
      while (isSymbol(at, ".")) {
        at = Math.min(at + 2, body.size());
      }
      if (interval && (isSymbol(at, "-") || isSymbol(at, "+"))) {
        at++;
      }
      at = behindParentheses(at);
      at = isLiteral(at) ? at + 1 : at;
      while (interval && isWord(at) && UNITS.contains(body.get(at).upper())) {
        at = behindParentheses(at + 1);
      }
      return at;
    }

    private int behindParentheses(int at) {
      return isSymbol(at, "(") && clauses.closing(at) > 0 ? clauses.closing(at) + 1 : at;
    }

    private boolean isSymbol(int at, String symbol) {
      return at < body.size() && body.get(at).isSymbol(symbol);
    }

    private boolean isWord(int at) {
      return at < body.size() && body.get(at).kind() == Token.Kind.WORD;
    }

    private boolean isLiteral(int at) {
      return at < body.size()
          && switch (body.get(at).kind()) {
            case STRING, INTEGER, LITERAL, PARAMETER -> true;
            case WORD, QUOTED, SYMBOL -> false;
          };
    }
  }
}
