package org.ouroborosdb.sql.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a table function in FROM.
 *
 * <p>With expressions for arguments, which no access path takes, {@code f((SELECT ..), 2)} becomes
 * {@code (SELECT c.* FROM (SELECT (SELECT ..) AS a0, 2 AS a1) AS v, LATERAL TABLE(f(v.a0, v.a1)) AS
 * c)}. The arguments and the moment stay where they are, and so do parameters.
 *
 * @param body the tokens of the statement
 * @param name the token of the function's name
 * @param close the token behind the arguments without the moment: a parenthesis, or a comma
 * @param commas the tokens between its arguments
 * @param form how they are given
 * @param place the place of the moment among them, from 0
 * @param moment the moment, behind the call or as its last argument; null if none is
 */
record TableCall(
    List<Token> body,
    int name,
    int close,
    List<Integer> commas,
    Form form,
    int place,
    @Nullable FunctionMoment moment) {
  private static final String VALUES = "ouroboros_values";
  private static final String CALL = "ouroboros_call";

  /** How arguments are given. */
  enum Form {
    /** As values, parameters and names of columns. */
    PLAIN,
    /** By their names. */
    NAMED,
    /** With DEFAULT among them. */
    DEFAULTED,
    /** With an expression among them. */
    EXPRESSIONS
  }

  static TableCall read(
      List<Token> body, int name, Clauses clauses, int place, @Nullable FunctionMoment moment) {
    int close = clauses.closing(name + 1);
    List<Integer> commas = new ArrayList<>();
    Form form = Form.PLAIN;
    int start = name + 2;
    int plain = -1; // how many arguments stand before the first expression
    for (int i = start; i <= close; i++) {
      Token token = body.get(i);
      if (token.isSymbol("=>")) {
        form = Form.NAMED;
      } else if (token.isWord("DEFAULT") && form != Form.NAMED) {
        form = Form.DEFAULTED;
      } else if (i == close || token.isSymbol(",")) {
        if (form == Form.PLAIN && !isPlain(body.subList(start, i))) {
          form = Form.EXPRESSIONS;
          plain = commas.size();
        }
        start = i + 1;
        if (i < close) {
          commas.add(i);
        }
      } else if (token.isSymbol("(")) {
        i = Math.max(i, clauses.closing(i));
      }
    }
    if (moment == null && commas.size() == place && form != Form.NAMED) {
      int comma = commas.remove(place - 1);
      FunctionMoment last = new FunctionMoment(comma + 1, close);
      Form others = form == Form.EXPRESSIONS && plain == place ? Form.PLAIN : form;
      return new TableCall(body, name, comma, List.copyOf(commas), others, place, last);
    }
    return new TableCall(body, name, close, List.copyOf(commas), form, place, moment);
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

  /** Rewrites a call over expressions; returns whether it is one. */
  boolean overValues(boolean lateral, EditedText text) {
    if (form != Form.EXPRESSIONS) {
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
        body.get(name + 1).end(),
        (lateral ? "lateral " : "") + "(SELECT " + CALL + ".* FROM (SELECT ");
    String call = body.get(name).text() + "(" + arguments + VALUES + "." + last;
    close(
        " AS " + last + ") AS " + VALUES + ", LATERAL TABLE(" + call, ")) AS " + CALL + ")", text);
    return true;
  }

  /**
   * Replaces the parenthesis that closes the arguments by other text, the moment as the last
   * argument, if there is one, and more text.
   */
  void close(String before, String after, EditedText text) {
    if (moment == null) {
      text.replace(body.get(close).start(), body.get(close).end(), before + after);
      return;
    }
    int left = Math.max(0, place - 1 - commas.size());
    String argument = form == Form.NAMED ? ", as_of => " : ", DEFAULT".repeat(left) + ", ";
    text.replace(body.get(close).start(), body.get(moment.start() - 1).end(), before + argument);
    boolean inside = body.get(close).isSymbol(",");
    int behind = body.get(moment.end() - 1).end();
    text.replace(behind, inside ? body.get(moment.end()).end() : behind, after);
  }
}
