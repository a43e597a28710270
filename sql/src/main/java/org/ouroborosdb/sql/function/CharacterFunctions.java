package org.ouroborosdb.sql.function;

import org.apache.calcite.DataContext;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;

/**
 * Functions of texts that count characters, where Calcite counts UTF-16 code units and cuts those
 * beyond U+FFFF in two. Public only because generated code calls it.
 */
public final class CharacterFunctions {
  private CharacterFunctions() {}

  static int count(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Returns the characters of a text between two places, as far as there are any. */
  static String part(String text, long from, long to) {
    int count = count(text);
    int first = (int) Math.max(0, Math.min(from, count));
    int end = (int) Math.max(first, Math.min(to, count));
    if (count == text.length()) {
      return text.substring(first, end);
    }
    int start = text.offsetByCodePoints(0, first);
    return text.substring(start, text.offsetByCodePoints(start, end - first));
  }

  /** CHAR_LENGTH. */
  public static Integer length(DataContext context, String text) {
    return count(text);
  }

  /** SUBSTRING from a place on. */
  public static String substring(DataContext context, String text, Long from) {
    return part(text, from - 1, Integer.MAX_VALUE);
  }

  /** SUBSTRING of a length. */
  public static String substring(DataContext context, String text, Long from, Long length) {
    if (length < 0) {
      throw new SqlException(SqlState.BAD_SUBSTRING, "the length is negative", null);
    }
    long start = Math.max(Integer.MIN_VALUE, from - 1);
    return part(text, start, start + Math.min(length, 2L * Integer.MAX_VALUE));
  }

  /** OVERLAY in the place of as many characters. */
  public static String overlay(DataContext context, String text, String with, Long from) {
    return overlay(context, text, with, from, (long) count(with));
  }

  /** OVERLAY in the place of some characters. */
  public static String overlay(
      DataContext context, String text, String with, Long from, Long length) {
    if (from < 1 || length < 0 || from > count(text) + 1L) {
      throw new SqlException(SqlState.BAD_SUBSTRING, "no such place in the text", null);
    }
    return part(text, 0, from - 1)
        + with
        + part(text, from - 1 + Math.min(length, Integer.MAX_VALUE), Integer.MAX_VALUE);
  }

  /** CAST to VARCHAR(n). */
  public static String cutText(DataContext context, String text, Integer length) {
    return text.length() <= length ? text : part(text, 0, length);
  }

  /** CAST to CHAR(n). */
  public static String filled(DataContext context, String text, Integer length) {
    int count = count(text);
    return count < length ? text + " ".repeat(length - count) : part(text, 0, length);
  }

  /** POSITION. */
  public static Integer position(DataContext context, String what, String text) {
    return position(context, what, text, 1L);
  }

  /** POSITION from a place on. */
  public static Integer position(DataContext context, String what, String text, Long from) {
    int count = count(text);
    if (from < 1 || from > count + 1L) {
      return 0;
    }
    int at = text.indexOf(what, text.offsetByCodePoints(0, (int) (from - 1)));
    return at < 0 ? 0 : text.codePointCount(0, at) + 1;
  }

  /** LEFT: with a negative number, all but as many of the last. */
  public static String left(DataContext context, String text, Long characters) {
    return part(text, 0, characters < 0 ? count(text) + characters : characters);
  }

  /** RIGHT: with a negative number, all but as many of the first. */
  public static String right(DataContext context, String text, Long characters) {
    return part(text, characters < 0 ? -characters : count(text) - characters, Integer.MAX_VALUE);
  }

  /** SPLIT_PART, from the end with a negative number. */
  public static String splitPart(DataContext context, String text, String by, Long number) {
    if (number == 0) {
      throw new SqlException(SqlState.DATA, "the parts are counted from 1", null);
    }
    if (by.isEmpty()) {
      return number == 1 || number == -1 ? text : "";
    }
    String[] parts = text.split(java.util.regex.Pattern.quote(by), -1);
    long index = number > 0 ? number - 1 : parts.length + number;
    return index >= 0 && index < parts.length ? parts[(int) index] : "";
  }
}
