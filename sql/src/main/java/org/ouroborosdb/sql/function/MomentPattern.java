package org.ouroborosdb.sql.function;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;

/**
 * Writes a pattern of TO_CHAR, TO_DATE and TO_TIMESTAMP as Calcite reads it: PostgreSQL takes the
 * parts that are numbers in either case, and what stands in double quotes, or behind a backslash,
 * as that text. Calcite knows no quotes: a quoted ASCII character goes through it as one of
 * Unicode's private use, which is no part of any pattern, and becomes itself in what TO_CHAR made.
 */
final class MomentPattern {
  private static final int QUOTED = 1;
  private static final int ESCAPED = 2;
  private static final int NUMBER = 3;

  /** Where the private characters that stand for ASCII begin. */
  private static final char PRIVATE = '\ue000';

  private static final char ASCII_END = 0x80;

  private static final Pattern PARTS =
      Pattern.compile(
          "\"((?:[^\"\\\\]|\\\\.)*+)\\\\?(?:\"|$)|\\\\(.)"
              + "|(?i:month|mon|day|dy|am|pm|a\\.m\\.|p\\.m\\.|bc|ad|b\\.c\\.|a\\.d\\.|rm|tz)"
              + "|((?i:(?:fm)?(?:hh24|hh12|hh|mi|s{4,5}|ss|ms|us|ff[1-6]|iyyy|iyy|iy|iw|iddd|id|i"
              + "|y{1,4}|mm|d{1,3}|ww|w|cc|q|j)))",
          Pattern.DOTALL);

  private static final Pattern BACKSLASH = Pattern.compile("\\\\(.)", Pattern.DOTALL);

  private MomentPattern() {}

  static String of(String typed) {
    if (typed.chars().anyMatch(MomentPattern::isPrivate)) {
      throw new SqlException(
          SqlState.DATA, "a pattern of a moment has a character of Unicode's private use", null);
    }
    return PARTS.matcher(typed).replaceAll(part -> Matcher.quoteReplacement(read(part)));
  }

  private static String read(MatchResult part) {
    if (part.group(QUOTED) != null) {
      return hidden(BACKSLASH.matcher(part.group(QUOTED)).replaceAll("$1"));
    }
    if (part.group(ESCAPED) != null) {
      return hidden(part.group(ESCAPED));
    }
    String number = part.group(NUMBER);
    return number == null ? part.group() : number.toUpperCase(Locale.ROOT);
  }

  private static boolean isPrivate(int c) {
    return c >= PRIVATE && c < PRIVATE + ASCII_END;
  }

  private static String hidden(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.chars().forEach(c -> out.append((char) (c < ASCII_END ? c + PRIVATE : c)));
    return out.toString();
  }

  /** Returns whether a pattern that {@link #of} made has text that must be shown. */
  static boolean hides(String pattern) {
    return pattern.chars().anyMatch(MomentPattern::isPrivate);
  }

  /** Returns what was made with a pattern, with its quoted text. */
  static String shown(String made) {
    if (!hides(made)) {
      return made;
    }
    StringBuilder out = new StringBuilder(made.length());
    made.chars().forEach(c -> out.append((char) (isPrivate(c) ? c - PRIVATE : c)));
    return out.toString();
  }
}
