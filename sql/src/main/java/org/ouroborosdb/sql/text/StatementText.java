package org.ouroborosdb.sql.text;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;

/**
 * A statement recognised by its first words, with the forms that the parser lacks rewritten.
 *
 * @param kind what it is
 * @param text the text for the parser
 * @param tokens the tokens as typed, without EXPLAIN and the closing semicolon
 */
public record StatementText(Kind kind, EditedText text, List<Token> tokens) {
  /** The kinds of statement that are not refused. */
  public enum Kind {
    QUERY,
    EXPLAIN,
    INSERT,
    DELETE,
    UPDATE,
    CALL,
    COMMIT,
    ROLLBACK
  }

  private static final int MOST_TAGS = 8;

  private static final Set<String> DEFINITIONS =
      Set.of("CREATE", "ALTER", "DROP", "TRUNCATE", "GRANT", "REVOKE", "COMMENT", "RENAME");
  private static final Set<String> SESSION_WORDS =
      Set.of(
          "SET",
          "RESET",
          "BEGIN",
          "START",
          "SAVEPOINT",
          "RELEASE",
          "USE",
          "EXEC",
          "EXECUTE",
          "ANALYZE",
          "PRAGMA",
          "SHOW",
          "DESCRIBE",
          "DESC",
          "VACUUM",
          "LOCK");

  /**
   * Reads a statement.
   *
   * @param tableFunctions the functions that may stand in FROM without TABLE(..), with the place of
   *     the moment among their arguments
   * @throws SqlException if the statement is empty, several, or of a kind that is refused
   */
  public static StatementText read(String sql, Map<String, Integer> tableFunctions) {
    List<Token> tokens = SqlLexer.tokens(sql);
    int end = tokens.size();
    while (end > 0 && tokens.get(end - 1).isSymbol(";")) {
      end--;
    }
    if (end == 0) {
      throw new SqlException(SqlState.SYNTAX, "the statement is empty", null);
    }
    EditedText text = new EditedText(sql);
    for (Token token : tokens.subList(0, end)) {
      if (token.isSymbol(";")) {
        throw new SqlException(
            SqlState.SYNTAX,
            "a second statement follows at "
                + place(sql, token.end())
                + "; run one statement at a time",
            null);
      }
    }
    Kind kind = kind(sql, tokens.subList(0, end));
    int begin = 0;
    if (kind == Kind.EXPLAIN) {
      begin = end > 2 && tokens.get(1).isWord("PLAN") && tokens.get(2).isWord("FOR") ? 3 : 1;
      for (Token token : tokens.subList(0, begin)) {
        text.replace(token.start(), token.end(), " ".repeat(token.text().length()));
      }
    }
    List<Token> body = List.copyOf(tokens.subList(begin, end));
    JdbcEscapes.rewrite(body, text);
    if (kind == Kind.CALL) {
      JdbcEscapes.rewriteCall(body, text);
    }
    Clauses clauses = new Clauses(body);
    for (int i = 0; i < body.size(); i++) {
      if (!boundRows(sql, body, i, text)) {
        wrapTableFunction(body, i, clauses, text, tableFunctions);
        refuseNinthTag(body, i, clauses);
        completeTagged(body, i, clauses, text);
      }
    }
    for (Token token : tokens.subList(end, tokens.size())) {
      text.replace(token.start(), token.end(), " ");
    }
    return new StatementText(kind, text, body);
  }

  private static String place(String sql, int offset) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < offset; i++) {
      if (sql.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return "line " + line + ", column " + (offset - lineStart + 1);
  }

  private static Kind kind(String sql, List<Token> tokens) {
    Token first = tokens.get(0);
    if (JdbcEscapes.isCall(tokens)) {
      return Kind.CALL;
    }
    if (first.kind() != Token.Kind.WORD) {
      return Kind.QUERY;
    }
    String word = first.upper();
    switch (word) {
      case "EXPLAIN":
        return Kind.EXPLAIN;
      case "INSERT":
      case "UPSERT":
        return Kind.INSERT;
      case "DELETE":
        return Kind.DELETE;
      case "COMMIT":
      case "ROLLBACK":
        return transactionEnd(tokens, word);
      case "CALL":
        return Kind.CALL;
      case "UPDATE":
        return Kind.UPDATE;
      case "MERGE":
      case "REPLACE":
        throw new SqlException(
            SqlState.IMMUTABLE,
            word
                + " is refused: events never change; INSERT a version INTO events instead, with"
                + " parent = the event and type = 'OVERWRITE' or 'REMOVE'",
            null);
      case "SELECT":
      case "WITH":
      case "VALUES":
      case "VALUE":
      case "TABLE":
        return Kind.QUERY;
      default:
        throw refused(word, place(sql, first.start()));
    }
  }

  private static SqlException refused(String word, String place) {
    if (DEFINITIONS.contains(word)) {
      return new SqlException(
          SqlState.NOT_SUPPORTED,
          word + " is not supported: the tables of schema ouroboros are fixed",
          null);
    }
    if (SESSION_WORDS.contains(word)) {
      return new SqlException(
          SqlState.NOT_SUPPORTED,
          word
              + " is not supported; "
              + switch (word) {
                case "SHOW", "DESCRIBE", "DESC" ->
                    "information_schema.tables and information_schema.columns list what there is";
                case "BEGIN", "START" ->
                    "switch the connection's auto-commit off, and COMMIT or ROLLBACK";
                default -> "transactions, timeouts and settings belong to the connection";
              },
          null);
    }
    return new SqlException(
        SqlState.SYNTAX,
        "syntax error at "
            + place
            + ": no statement starts with "
            + shortened(word)
            + "; there are SELECT, WITH, VALUES, EXPLAIN, INSERT, UPSERT, UPDATE, DELETE, CALL,"
            + " COMMIT and ROLLBACK",
        null);
  }

  private static String shortened(String word) {
    return word.length() > 40 ? word.substring(0, 40) + "..." : word;
  }

  private static Kind transactionEnd(List<Token> tokens, String word) {
    boolean plain =
        tokens.size() == 1
            || (tokens.size() == 2
                && (tokens.get(1).isWord("WORK") || tokens.get(1).isWord("TRANSACTION")));
    if (!plain) {
      throw new SqlException(
          SqlState.NOT_SUPPORTED, word + " takes nothing behind it but WORK", null);
    }
    return word.equals("COMMIT") ? Kind.COMMIT : Kind.ROLLBACK;
  }

  /** Generated code counts rows as int: more than that in LIMIT or OFFSET is that. */
  private static boolean boundRows(String sql, List<Token> body, int i, EditedText text) {
    Token token = body.get(i);
    boolean number = token.kind() == Token.Kind.INTEGER || token.kind() == Token.Kind.LITERAL;
    if (i == 0 || !number) {
      return false;
    }
    Token before = body.get(i - 1);
    boolean counts =
        before.isWord("LIMIT")
            || before.isWord("OFFSET")
            || before.isWord("FIRST")
            || before.isWord("NEXT");
    if (counts && token.kind() == Token.Kind.LITERAL) {
      throw new SqlException(
          SqlState.SYNTAX,
          "syntax error at " + place(sql, token.start()) + ": LIMIT and OFFSET take whole numbers",
          null);
    }
    if (counts && token.text().length() >= 10 && new BigInteger(token.text()).bitLength() > 31) {
      text.replace(token.start(), token.end(), String.valueOf(Integer.MAX_VALUE));
    }
    return counts;
  }

  /** Writes TABLE(..) around a function in FROM, LATERAL where it may refer to other tables. */
  private static void wrapTableFunction(
      List<Token> body, int i, Clauses clauses, EditedText text, Map<String, Integer> functions) {
    Token token = body.get(i);
    Integer place = functions.get(token.text().toLowerCase(Locale.ROOT));
    boolean call =
        i > 0
            && i + 1 < body.size()
            && token.kind() == Token.Kind.WORD
            && place != null
            && body.get(i + 1).isSymbol("(")
            && clauses.closing(i + 1) > 0;
    boolean inTable = call && isInTable(body, i) && clauses.closing(i - 1) > 0;
    if (place == null || !call || !(inTable || clauses.startsTable(i))) {
      return;
    }
    int close = clauses.closing(i + 1);
    int end = inTable ? clauses.closing(i - 1) : close;
    TableCall read =
        TableCall.read(body, i, clauses, place, FunctionMoment.behind(body, end, clauses));
    if (inTable) {
      boolean over = read.overValues(false, text);
      if (over) {
        text.replace(body.get(i - 2).start(), body.get(i - 1).end(), "");
      } else if (read.moment() != null) {
        read.close("", "))", text);
      }
      if (over && read.moment() == null) {
        text.replace(body.get(end).start(), body.get(end).end(), "");
      }
      return;
    }
    boolean outer =
        !body.get(i - 1).isWord("LATERAL")
            && !body.get(i - 1).isWord("FROM")
            && clauses.hasWord(i + 2, close);
    if (!read.overValues(outer, text)) {
      text.replace(token.start(), token.start(), outer ? "lateral table(" : "table(");
      read.close("", "))", text);
    }
  }

  private static boolean isInTable(List<Token> body, int i) {
    return i > 1 && body.get(i - 1).isSymbol("(") && body.get(i - 2).isWord("TABLE");
  }

  /** A ninth tag would be taken for the moment that may stand behind eight. */
  private static void refuseNinthTag(List<Token> body, int i, Clauses clauses) {
    boolean call = i + 2 < body.size() && body.get(i).isWord("tagged");
    if (!call || !body.get(i + 1).isSymbol("(")) {
      return;
    }
    boolean asksColumn = !clauses.startsTable(i) && body.get(i + 2).kind() == Token.Kind.WORD;
    int tags = asksColumn ? 0 : 1;
    int depth = 0;
    for (int j = i + 1; j + 1 < body.size(); j++) {
      Token token = body.get(j);
      depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
      if (depth == 0) {
        return;
      }
      if (depth == 1
          && token.isSymbol(",")
          && ++tags > MOST_TAGS
          && body.get(j + 1).kind() == Token.Kind.STRING) {
        throw new SqlException(
            SqlState.NO_FUNCTION,
            "tagged takes one to " + MOST_TAGS + " tags; for more write AND tagged(tags, ...)",
            null);
      }
    }
  }

  /** In a condition, tagged('a', ...) asks the column {@code tags}: tagged(tags, 'a', ...). */
  private static void completeTagged(List<Token> body, int i, Clauses clauses, EditedText text) {
    boolean call = i > 0 && i + 2 < body.size() && body.get(i).isWord("tagged");
    if (call && body.get(i + 1).isSymbol("(") && !clauses.startsTable(i)) {
      Token.Kind first = body.get(i + 2).kind();
      if (!isInTable(body, i) && (first == Token.Kind.STRING || first == Token.Kind.PARAMETER)) {
        int at = body.get(i + 1).end();
        text.replace(at, at, "tags, ");
      }
    }
  }
}
