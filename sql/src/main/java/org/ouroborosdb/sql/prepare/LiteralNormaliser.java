package org.ouroborosdb.sql.prepare;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.plan.StatementPlan;
import org.ouroborosdb.sql.text.EditedText;
import org.ouroborosdb.sql.text.StatementText;
import org.ouroborosdb.sql.text.Token;

/**
 * Turns literals that a column is compared with into parameters, so that statements that differ in
 * them share a plan. Literals in LIMIT, ORDER BY, GROUP BY and select lists stay.
 */
public final class LiteralNormaliser {
  private static final Set<String> COMPARISONS = Set.of("=", "<", ">", "<=", ">=", "<>", "!=");
  private static final Set<String> ENDS =
      Set.of("AND", "OR", "ORDER", "GROUP", "LIMIT", "FETCH", "OFFSET", "UNION", "HAVING");
  private static final Set<String> NO_COLUMNS =
      Set.of(
          "DATE",
          "TIME",
          "TIMESTAMP",
          "INTERVAL",
          "NULL",
          "TRUE",
          "FALSE",
          "END",
          "ANY",
          "ALL",
          "SOME",
          "CURRENT_DATE",
          "CURRENT_TIME",
          "CURRENT_TIMESTAMP",
          "LOCALTIME",
          "LOCALTIMESTAMP",
          "USER");

  /**
   * A statement with parameters for literals.
   *
   * @param text the statement; equal for all that differ in such literals only
   * @param slots for each parameter, in order, what gives its value
   */
  record Normalised(String text, List<Slot> slots) {
    /** Returns whether each literal's value fits, without change, the type found for it. */
    boolean fits(List<StatementPlan.ParameterType> types) {
      for (int i = 0; i < slots.size(); i++) {
        Object value = slots.get(i).literal;
        if (value != null && !fits(value, types.get(i).type().getSqlTypeName())) {
          return false;
        }
      }
      return true;
    }

    private static boolean fits(Object value, SqlTypeName type) {
      if (value instanceof String) {
        return type == SqlTypeName.VARCHAR;
      }
      return type == SqlTypeName.BIGINT
          || (type == SqlTypeName.INTEGER && ((Long) value).intValue() == (Long) value);
    }
  }

  /**
   * The source of a parameter's value.
   *
   * @param literal the literal's value, a String or a Long; null if the user gives it
   * @param parameter else the index of the user's parameter
   */
  public record Slot(@Nullable Object literal, int parameter) {}

  private LiteralNormaliser() {}

  /** Returns the statement with parameters, or null if it has no such literal. */
  static @Nullable Normalised normalise(StatementText statement) {
    List<Token> tokens = statement.tokens();
    List<Slot> slots = new ArrayList<>();
    EditedText text = statement.text().copy();
    int parameters = 0;
    boolean found = false;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.kind() == Token.Kind.PARAMETER) {
        slots.add(new Slot(null, parameters++));
      } else if (isCompared(tokens, i)) {
        Object value = value(token);
        if (value != null) {
          slots.add(new Slot(value, -1));
          text.replace(token.start(), token.end(), "?");
          found = true;
        }
      }
    }
    return found ? new Normalised(text.toString(), List.copyOf(slots)) : null;
  }

  private static boolean isCompared(List<Token> tokens, int i) {
    Token.Kind kind = tokens.get(i).kind();
    if ((kind != Token.Kind.STRING && kind != Token.Kind.INTEGER) || i < 2) {
      return false;
    }
    Token operator = tokens.get(i - 1);
    Token column = tokens.get(i - 2);
    return operator.kind() == Token.Kind.SYMBOL
        && COMPARISONS.contains(operator.text())
        && isColumn(column)
        && (i + 1 == tokens.size() || isEnd(tokens.get(i + 1)));
  }

  private static boolean isColumn(Token token) {
    return token.kind() == Token.Kind.QUOTED
        || (token.kind() == Token.Kind.WORD && !NO_COLUMNS.contains(token.upper()));
  }

  private static boolean isEnd(Token token) {
    return token.isSymbol(")") || (token.kind() == Token.Kind.WORD && ENDS.contains(token.upper()));
  }

  private static @Nullable Object value(Token token) {
    String text = token.text();
    if (token.kind() == Token.Kind.STRING) {
      boolean closed = text.length() >= 2 && text.endsWith("'");
      return closed ? text.substring(1, text.length() - 1).replace("''", "'") : null;
    }
    BigInteger number = new BigInteger(text.length() > 30 ? "9".repeat(30) : text);
    return number.bitLength() < Long.SIZE ? number.longValue() : null;
  }
}
