package org.ouroborosdb.sql.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;

/** Where the parentheses of a statement close, and which of its tokens may begin a table. */
final class Clauses {
  /** The parser's stack ends long before. */
  private static final int MOST_PARENTHESES = 10_000;

  private static final Set<String> OTHER_CLAUSES =
      Set.of(
          "SELECT", "WHERE", "GROUP", "HAVING", "WINDOW", "QUALIFY", "ORDER", "ON", "USING",
          "VALUES", "LIMIT", "OFFSET", "FETCH");

  private final int[] closing;
  private final int[] wordsBefore;
  private final boolean[] startsTable;

  Clauses(List<Token> tokens) {
    closing = new int[tokens.size()];
    wordsBefore = new int[tokens.size() + 1];
    startsTable = new boolean[tokens.size()];
    Deque<Integer> open = new ArrayDeque<>();
    Deque<Boolean> outerFrom = new ArrayDeque<>();
    boolean from = false;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      boolean word = token.kind() == Token.Kind.WORD;
      wordsBefore[i + 1] = wordsBefore[i] + (word ? 1 : 0);
      startsTable[i] = i > 0 && startsTable(tokens.get(i - 1), from);
      closing[i] = -1;
      if (token.isSymbol("(")) {
        open.push(i);
        outerFrom.push(from);
        from &= startsTable[i]; // a join in parentheses
        if (open.size() > MOST_PARENTHESES) {
          throw new SqlException(
              SqlState.TOO_COMPLEX, "the statement has too many parentheses in another", null);
        }
      } else if (token.isSymbol(")") && !open.isEmpty()) {
        closing[open.pop()] = i;
        from = outerFrom.pop();
      } else if (word) {
        boolean compared = i > 0 && tokens.get(i - 1).isWord("DISTINCT"); // IS DISTINCT FROM
        from =
            (token.isWord("FROM") && !compared)
                || token.isWord("JOIN")
                || (from && !isOther(token));
      }
    }
  }

  private static boolean isOther(Token word) {
    return OTHER_CLAUSES.contains(word.upper());
  }

  private static boolean startsTable(Token before, boolean from) {
    return before.isWord("FROM")
        || before.isWord("JOIN")
        || before.isWord("LATERAL")
        || (from && before.isSymbol(","));
  }

  /** Returns whether a table's name or function may stand at a token. */
  boolean startsTable(int token) {
    return startsTable[token];
  }

  /** Returns the token that closes a parenthesis; -1 if none does. */
  int closing(int open) {
    return closing[open];
  }

  /** Returns whether a word is among some tokens. */
  boolean hasWord(int from, int to) {
    return wordsBefore[to] > wordsBefore[from];
  }
}
