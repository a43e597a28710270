package org.ouroborosdb.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table function with expressions for arguments, which no access path takes: {@code f((SELECT
 * ..), 2)} becomes {@code (SELECT c.* FROM (SELECT (SELECT ..) AS a0, 2 AS a1) AS v, LATERAL
 * TABLE(f(v.a0, v.a1)) AS c)}. The arguments stay where they are, and so do parameters.
 */
final class FunctionOverValues {
  private static final String VALUES = "ouroboros_values";
  private static final String CALL = "ouroboros_call";

  private FunctionOverValues() {}

  /** Rewrites the call of the function named by a token; returns whether it had to. */
  static boolean rewrite(
      List<Token> body, int name, Clauses clauses, boolean lateral, EditedText text) {
    int open = name + 1;
    int close = clauses.closing(open);
    List<Integer> commas = commas(body, clauses, open, close);
    if (commas == null) {
      return false;
    }
    StringBuilder arguments = new StringBuilder();
    for (int i = 0; i < commas.size(); i++) {
      Token comma = body.get(commas.get(i));
      text.replace(comma.start(), comma.end(), " AS a" + i + ", ");
      arguments.append(VALUES).append(".a").append(i).append(", ");
    }
    String last = "a" + commas.size();
    text.replace(
        body.get(name).start(),
        body.get(open).end(),
        (lateral ? "lateral " : "") + "(SELECT " + CALL + ".* FROM (SELECT ");
    String call = body.get(name).text() + "(" + arguments + VALUES + "." + last + ")";
    text.replace(
        body.get(close).start(),
        body.get(close).end(),
        " AS " + last + ") AS " + VALUES + ", LATERAL TABLE(" + call + ") AS " + CALL + ")");
    return true;
  }

  /** Returns the commas between the arguments; null if none is an expression, or one is named. */
  private static @Nullable List<Integer> commas(
      List<Token> body, Clauses clauses, int open, int close) {
    List<Integer> commas = new ArrayList<>();
    boolean expressions = false;
    int start = open + 1;
    for (int i = start; i <= close; i++) {
      Token token = body.get(i);
      if (token.isSymbol("=>") || token.isWord("DEFAULT")) {
        return null;
      }
      if (i == close || token.isSymbol(",")) {
        expressions |= !isPlain(body.subList(start, i));
        start = i + 1;
        if (i < close) {
          commas.add(i);
        }
      } else if (token.isSymbol("(")) {
        i = Math.max(i, clauses.closing(i));
      }
    }
    return expressions ? commas : null;
  }

  /** Returns whether an argument is a value, a parameter or the name of a column. */
  private static boolean isPlain(List<Token> argument) {
    for (int i = 0; i < argument.size(); i++) {
      boolean dot = argument.get(i).isSymbol(".");
      if (dot != (i % 2 == 1) || (!dot && argument.get(i).kind() == Token.Kind.SYMBOL)) {
        return false;
      }
    }
    return true;
  }
}
