package org.ouroborosdb.sql.message;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in words of SQL what Calcite has no plan or no code for. */
final class Unplannable {
  private static final Pattern CALL = Pattern.compile("cannot translate call ([A-Za-z_ ]+)");

  /** Calcite's code for keys of more than six columns takes them for comparable. */
  private static final String ARRAY_IN_KEY = "\"java.util.List\" to type \"java.lang.Comparable\"";

  private Unplannable() {}

  /** Returns what is not supported in a statement whose planning failed so. */
  static String words(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (String.valueOf(t.getMessage()).contains(ARRAY_IN_KEY)) {
        return "grouping or joining by more than six columns is not supported where one is an"
            + " array; use fewer columns, or leave the array out";
      }
      for (Throwable behind : t.getSuppressed()) {
        Matcher call = CALL.matcher(String.valueOf(behind.getMessage()));
        if (call.find()) {
          return call.group(1) + " is not supported for these values";
        }
      }
    }
    return "this form of query is not supported; write it another way";
  }
}
