package org.ouroborosdb.sql;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a pattern of TO_CHAR, TO_DATE and TO_TIMESTAMP as Calcite reads it: PostgreSQL takes the
 * parts that are numbers in either case. What stands in double quotes stays as it is.
 */
final class MomentPattern {
  private static final int NUMBER = 1;

  private static final Pattern PARTS =
      Pattern.compile(
          "\"[^\"]*\""
              + "|(?i:month|mon|day|dy|am|pm|a\\.m\\.|p\\.m\\.|bc|ad|b\\.c\\.|a\\.d\\.|rm|tz)"
              + "|((?i:(?:fm)?(?:hh24|hh12|hh|mi|s{4,5}|ss|ms|us|ff[1-6]|iyyy|iyy|iy|iw|iddd|id|i"
              + "|y{1,4}|mm|d{1,3}|ww|w|cc|q|j)))");

  private MomentPattern() {}

  static String of(String typed) {
    return PARTS.matcher(typed).replaceAll(part -> Matcher.quoteReplacement(read(part)));
  }

  private static String read(MatchResult part) {
    String number = part.group(NUMBER);
    return number == null ? part.group() : number.toUpperCase(Locale.ROOT);
  }
}
