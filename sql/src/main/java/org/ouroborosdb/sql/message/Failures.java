package org.ouroborosdb.sql.message;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidatorException;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.function.ExtractCalls;
import org.ouroborosdb.sql.text.EditedText;
import org.ouroborosdb.store.StoreException;

/** Turns whatever was thrown below into the one exception that leaves the engine. */
public final class Failures {
  private static final int MAX_MESSAGE = 500;

  private record Sign(String text, String sqlState) {}

  /** What the validator says of a statement, by a piece of its message. */
  private static final List<Sign> VALIDATION =
      List.of(
          new Sign("is not a temporal table", SqlState.NOT_SUPPORTED),
          new Sign("as of is not supported here", SqlState.NOT_SUPPORTED),
          new Sign("is ambiguous", SqlState.AMBIGUOUS),
          new Sign("ordinal out of range", SqlState.INVALID_STATEMENT),
          new Sign("<unknown>", SqlState.UNTYPED_PARAMETER),
          new Sign("illegal date literal", SqlState.BAD_MOMENT),
          new Sign("illegal time", SqlState.BAD_MOMENT),
          new Sign("illegal interval", SqlState.BAD_MOMENT),
          new Sign("no match found for function signature", SqlState.NO_FUNCTION),
          new Sign("invalid number of arguments", SqlState.NO_FUNCTION),
          new Sign("illegal use of dynamic parameter", SqlState.UNTYPED_PARAMETER),
          new Sign("not found in any table", SqlState.NO_COLUMN),
          new Sign("' is not defined", SqlState.NO_FUNCTION),
          new Sign("unknown target column", SqlState.NO_COLUMN),
          new Sign("unknown field", SqlState.NO_COLUMN),
          new Sign("column '", SqlState.NO_COLUMN),
          new Sign("is not being grouped", SqlState.GROUPING),
          new Sign("aggregate expression", SqlState.GROUPING),
          new Sign("table '", SqlState.NO_TABLE),
          new Sign("object '", SqlState.NO_TABLE),
          new Sign("unknown identifier", SqlState.NO_TABLE),
          new Sign("cannot apply", SqlState.TYPE_MISMATCH),
          new Sign("type mismatch", SqlState.TYPE_MISMATCH),
          new Sign("not comparable", SqlState.TYPE_MISMATCH),
          new Sign("compatible type", SqlState.TYPE_MISMATCH),
          new Sign("must be of the same type", SqlState.TYPE_MISMATCH),
          new Sign("cannot be cast", SqlState.TYPE_MISMATCH),
          new Sign("cast function cannot convert", SqlState.TYPE_MISMATCH),
          new Sign("system time period specification expects", SqlState.TYPE_MISMATCH),
          new Sign("numeric literal", SqlState.OUT_OF_RANGE),
          new Sign("out of range", SqlState.OUT_OF_RANGE));

  /** What running generated code says. */
  private static final List<Sign> EXECUTION =
      List.of(
          new Sign("/ by zero", SqlState.DIVISION_BY_ZERO),
          new Sign("division by zero", SqlState.DIVISION_BY_ZERO),
          new Sign("division undefined", SqlState.DIVISION_BY_ZERO),
          new Sign("logarithm", SqlState.BAD_LOGARITHM),
          new Sign("substring error", SqlState.BAD_SUBSTRING),
          new Sign("regular expression", SqlState.BAD_REGEX),
          new Sign("field is out of range", SqlState.BAD_CAST),
          new Sign("overflow", SqlState.OUT_OF_RANGE),
          new Sign("out of range", SqlState.OUT_OF_RANGE),
          new Sign("more than one value", SqlState.TOO_MANY_ROWS),
          new Sign("sequence contains more than one", SqlState.TOO_MANY_ROWS),
          new Sign("json", SqlState.BAD_JSON),
          new Sign("cast", SqlState.BAD_CAST),
          new Sign("invalid character", SqlState.BAD_CAST),
          new Sign("cannot convert", SqlState.BAD_CAST),
          new Sign("invalid date", SqlState.BAD_CAST),
          new Sign("for input string", SqlState.BAD_CAST));

  private Failures() {}

  /**
   * Maps a failure of parsing, validating and planning; places refer to the text as typed.
   *
   * @param hints what to say behind names that nothing has
   */
  public static SqlException ofPlanning(Throwable failure, EditedText text, Hints hints) {
    if (failure instanceof SqlParseException e) {
      return root(e) instanceof StackOverflowError ? tooComplex("parsing", e) : syntax(e, text);
    }
    if (failure instanceof CalciteContextException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message = ExtractCalls.words(String.valueOf(cause.getMessage()));
      String at = e.getPosLine() > 0 ? text.place(e.getPosLine(), e.getPosColumn()) + ": " : "";
      return new SqlException(
          state(VALIDATION, message, SqlState.INVALID_STATEMENT),
          at + shortened(message) + hints.behind(message, text.typed()),
          e);
    }
    if (failure instanceof SqlValidatorException
        || failure instanceof CalciteException
        || failure instanceof UnsupportedOperationException) {
      String message = messages(failure);
      if (message.contains(SqlNodeList.class.getName())) {
        return new SqlException(
            SqlState.UNTYPED_PARAMETER,
            "a parameter beside ANY(array) has no type; write CAST(? AS VARCHAR) = ANY(tags)",
            failure);
      }
      return new SqlException(
          state(VALIDATION, message, SqlState.INVALID_STATEMENT),
          "this statement cannot be planned: " + shortened(message),
          failure);
    }
    if (String.valueOf(failure.getMessage()).contains("assign operandTypeChecker")) {
      return new SqlException(
          SqlState.TYPE_MISMATCH,
          "an operator cannot be applied to values of these types",
          failure);
    }
    if (String.valueOf(failure.getMessage()).startsWith("Cannot convert ")) {
      return new SqlException(SqlState.OUT_OF_RANGE, "a number has too many digits", failure);
    }
    if (failure instanceof RelOptPlanner.CannotPlanException
        || String.valueOf(failure.getMessage()).startsWith("Unable to implement ")) {
      return new SqlException(SqlState.NOT_SUPPORTED, Unplannable.words(failure), failure);
    }
    SqlException mapped = of(failure, "planning the statement");
    return mapped.sqlState().equals(SqlState.INTERNAL) && isOfCalcite(failure)
        ? new SqlException(SqlState.NOT_SUPPORTED, Unplannable.words(failure), failure)
        : mapped;
  }

  /** Returns whether Calcite, or the compiler it uses, fell over its own plan. */
  private static boolean isOfCalcite(Throwable failure) {
    for (StackTraceElement frame : root(failure).getStackTrace()) {
      String name = frame.getClassName();
      if (name.startsWith("org.apache.calcite.") || name.startsWith("org.codehaus.")) {
        return true;
      }
      if (name.startsWith("org.ouroborosdb.")) {
        return false;
      }
    }
    return false;
  }

  /** Maps a failure of running a plan. */
  public static SqlException ofRunning(Throwable failure) {
    return of(failure, "running the statement");
  }

  private static SqlException of(Throwable failure, String doing) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      SqlException known = known(t, doing);
      if (known != null) {
        return known;
      }
    }
    Throwable root = root(failure);
    String message = doing + " failed: " + firstLine(withoutValues(messages(failure)));
    if (root instanceof ClassCastException
        && String.valueOf(root.getMessage())
            .contains("cannot be cast to class java.lang.Comparable")) {
      return new SqlException(
          SqlState.NOT_SUPPORTED, "arrays, maps and rows have no order here", failure);
    }
    if (root instanceof ClassCastException || root instanceof NullPointerException) {
      return new SqlException(SqlState.INTERNAL, message, failure);
    }
    if (root instanceof IndexOutOfBoundsException && isOfFunction(root)) {
      return new SqlException(SqlState.BAD_SUBSTRING, message, failure);
    }
    boolean data = root instanceof CalciteException || isOfFunction(root);
    return new SqlException(
        state(EXECUTION, messages(failure), data ? SqlState.DATA : SqlState.INTERNAL),
        message,
        failure);
  }

  /** Returns whether one of the functions that generated code calls refused its arguments. */
  private static boolean isOfFunction(Throwable root) {
    for (StackTraceElement frame : root.getStackTrace()) {
      String name = frame.getClassName();
      if (!name.startsWith("java.") && !name.startsWith("com.") && !name.startsWith("jdk.")) {
        return name.startsWith("org.apache.calcite.runtime.")
            || name.startsWith("org.apache.calcite.avatica.util.");
      }
    }
    return false;
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static @Nullable SqlException known(Throwable t, String doing) {
    if (t instanceof SqlException e) {
      return e;
    }
    if (t instanceof StoreException e) {
      return new SqlException(e.code().sqlState(), String.valueOf(e.getMessage()), e);
    }
    if (t instanceof StackOverflowError
        || String.valueOf(t.getMessage()).contains("beyond 64 KB")) {
      return tooComplex(doing, t);
    }
    if (t instanceof OutOfMemoryError) {
      return new SqlException(SqlState.OUT_OF_MEMORY, doing + " failed: out of memory", t);
    }
    if (t instanceof IllegalArgumentException
        && String.valueOf(t.getMessage()).startsWith("FOR SYSTEM_TIME AS OF")) {
      return new SqlException(SqlState.NULL_ARGUMENT, String.valueOf(t.getMessage()), t);
    }
    if (t instanceof NumberFormatException) {
      return new SqlException(SqlState.BAD_CAST, doing + " failed: a text is no number", t);
    }
    if (t instanceof ArithmeticException e) {
      String state = state(EXECUTION, String.valueOf(e.getMessage()), SqlState.OUT_OF_RANGE);
      String what = state.equals(SqlState.DIVISION_BY_ZERO) ? "division by zero" : "out of range";
      return new SqlException(state, doing + " failed: " + what, t);
    }
    return null;
  }

  private static SqlException tooComplex(String doing, Throwable cause) {
    return new SqlException(
        SqlState.TOO_COMPLEX, doing + " failed: it is nested too deeply or too long", cause);
  }

  private static SqlException syntax(SqlParseException failure, EditedText text) {
    String message = firstLine(String.valueOf(failure.getMessage()));
    SqlParserPos pos = failure.getPos();
    int at = message.indexOf(" at line ");
    String what = at > 0 ? message.substring(0, at) : message;
    String place = pos == null ? "" : " at " + text.place(pos.getLineNum(), pos.getColumnNum());
    // The parser itself reads the text of a DATE, TIME or TIMESTAMP literal.
    String state =
        what.startsWith("Illegal ") && what.contains(" literal ")
            ? state(VALIDATION, what, SqlState.SYNTAX)
            : SqlState.SYNTAX;
    String kind = state.equals(SqlState.SYNTAX) ? "syntax error" : "error";
    return new SqlException(state, kind + place + ": " + what, failure);
  }

  private static String state(List<Sign> signs, String message, String otherwise) {
    String lower = message.toLowerCase(Locale.ROOT);
    for (Sign sign : signs) {
      if (lower.contains(sign.text)) {
        return sign.sqlState;
      }
    }
    return otherwise;
  }

  private static String messages(Throwable failure) {
    StringBuilder out = new StringBuilder();
    Throwable t = failure;
    for (int i = 0; t != null && i < 4; t = t.getCause(), i++) {
      if (t.getMessage() != null && out.indexOf(t.getMessage()) < 0) {
        out.append(out.isEmpty() ? "" : ": ").append(t.getMessage());
      }
    }
    return out.isEmpty() ? failure.getClass().getSimpleName() : out.toString();
  }

  /** What a function says of its arguments may quote somebody's data. */
  private static String withoutValues(String message) {
    for (String prefix : List.of("Invalid character for cast", "Cannot convert")) {
      if (message.startsWith(prefix)) {
        return prefix;
      }
    }
    int first = message.indexOf('\'');
    int last = message.lastIndexOf('\'');
    return first < 0 || first == last
        ? message
        : message.substring(0, first) + "'...'" + message.substring(last + 1);
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return shortened(end < 0 ? message : message.substring(0, end));
  }

  private static String shortened(String message) {
    return message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "..." : message;
  }
}
