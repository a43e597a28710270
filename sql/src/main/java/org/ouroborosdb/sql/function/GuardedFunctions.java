package org.ouroborosdb.sql.function;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.util.ByteString;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.store.Cancellation;

/**
 * What generated code calls in the place of Calcite's own functions, where those could run for
 * ever, fill the memory or give a wrong value. Public only because generated code calls it.
 */
public final class GuardedFunctions {
  /** The longest text or bytes that a function may make: 16 Mi. */
  private static final int MAX_LENGTH = 16 << 20;

  private static final Cancellation NEVER = Cancellation.create();

  private GuardedFunctions() {}

  private static Cancellation poll(DataContext context) {
    return context.get(ScanContext.CANCELLATION) instanceof Cancellation given ? given : NEVER;
  }

  /** The pattern of TO_CHAR and its like. */
  public static String momentPattern(DataContext context, String pattern) {
    return MomentPattern.of(pattern);
  }

  /** What TO_CHAR made with such a pattern. */
  public static String momentText(DataContext context, String made) {
    return MomentPattern.shown(made);
  }

  /** LIKE. */
  public static Boolean like(DataContext context, String text, String pattern) {
    return TextPattern.like(text, pattern, null, false, poll(context));
  }

  /** LIKE ... ESCAPE. */
  public static Boolean like(DataContext context, String text, String pattern, String escape) {
    return TextPattern.like(text, pattern, escape, false, poll(context));
  }

  /** ILIKE. */
  public static Boolean ilike(DataContext context, String text, String pattern) {
    return TextPattern.like(text, pattern, null, true, poll(context));
  }

  /** ILIKE ... ESCAPE. */
  public static Boolean ilike(DataContext context, String text, String pattern, String escape) {
    return TextPattern.like(text, pattern, escape, true, poll(context));
  }

  /** SIMILAR TO. */
  public static Boolean similar(DataContext context, String text, String pattern) {
    return TextPattern.similar(text, pattern, null, poll(context));
  }

  /** SIMILAR TO ... ESCAPE. */
  public static Boolean similar(DataContext context, String text, String pattern, String escape) {
    return TextPattern.similar(text, pattern, escape, poll(context));
  }

  /** REGEXP_LIKE: whether a part of the text matches. */
  public static Boolean regexpLike(DataContext context, String text, String regex) {
    return regexpLike(context, text, regex, "");
  }

  /** REGEXP_LIKE with flags. */
  public static Boolean regexpLike(DataContext context, String text, String regex, String flags) {
    return TextPattern.compiled(regex, mode(flags))
        .matcher(new TextPattern.PolledText(text, poll(context)))
        .find();
  }

  private static int mode(String flags) {
    int mode = 0;
    for (int i = 0; i < flags.length(); i++) {
      mode |=
          switch (flags.charAt(i)) {
            case 'g', 'c' -> 0;
            case 'i' -> Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
            case 'm', 'n' -> Pattern.MULTILINE;
            case 's' -> Pattern.DOTALL;
            default ->
                throw new SqlException(SqlState.BAD_REGEX, "the flags are g, c, i, m, n, s", null);
          };
    }
    return mode;
  }

  /** REGEXP_REPLACE of the first match. */
  public static String regexpReplace(
      DataContext context, String text, String regex, String replacement) {
    return regexpReplace(context, text, regex, replacement, "");
  }

  /** REGEXP_REPLACE with flags: g for all matches, i, m, n and s as in PostgreSQL. */
  public static String regexpReplace(
      DataContext context, String text, String regex, String replacement, String flags) {
    Matcher matcher =
        TextPattern.compiled(regex, mode(flags))
            .matcher(new TextPattern.PolledText(text, poll(context)));
    StringBuilder out = new StringBuilder();
    boolean all = flags.indexOf('g') >= 0;
    int end = 0;
    for (boolean more = matcher.find(); more; more = all && matcher.find()) {
      out.append(text, end, matcher.start());
      appendReplacement(out, matcher, replacement);
      requireLength(out.length());
      end = matcher.end();
    }
    return bounded(out.append(text, end, text.length()).toString());
  }

  /** In a replacement, \1 to \9 are groups, \0 and \& the whole match, \\ a backslash. */
  private static void appendReplacement(StringBuilder out, Matcher match, String replacement) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      char next = c == '\\' && i + 1 < replacement.length() ? replacement.charAt(i + 1) : ' ';
      if (next >= '0' && next <= '9') {
        String group = next - '0' <= match.groupCount() ? match.group(next - '0') : null;
        out.append(group == null ? "" : group);
        i++;
      } else if (next == '&' || next == '\\') {
        out.append(next == '&' ? match.group() : "\\");
        i++;
      } else {
        out.append(c);
      }
    }
  }

  /** REPEAT. */
  public static String repeat(DataContext context, String text, Integer times) {
    int count = Math.max(0, times);
    requireLength((long) text.length() * count);
    return text.repeat(count);
  }

  /** LPAD with spaces. */
  public static String lpad(DataContext context, String text, Integer length) {
    return lpad(context, text, length, " ");
  }

  /** LPAD. */
  public static String lpad(DataContext context, String text, Integer length, String with) {
    int characters = CharacterFunctions.count(text);
    return characters >= length
        ? CharacterFunctions.part(text, 0, length)
        : padding(length - characters, with) + text;
  }

  /** RPAD with spaces. */
  public static String rpad(DataContext context, String text, Integer length) {
    return rpad(context, text, length, " ");
  }

  /** RPAD. */
  public static String rpad(DataContext context, String text, Integer length, String with) {
    int characters = CharacterFunctions.count(text);
    return characters >= length
        ? CharacterFunctions.part(text, 0, length)
        : text + padding(length - characters, with);
  }

  private static String padding(int length, String with) {
    requireLength(length);
    int characters = CharacterFunctions.count(with);
    return characters == 0
        ? ""
        : CharacterFunctions.part(with.repeat(length / characters + 1), 0, length);
  }

  /** {@code ||} of texts. */
  public static String concat(DataContext context, String left, String right) {
    requireLength((long) left.length() + right.length());
    return left.concat(right);
  }

  /** {@code ||} of bytes. */
  public static ByteString concat(DataContext context, ByteString left, ByteString right) {
    requireLength((long) left.length() + right.length());
    return left.concat(right);
  }

  /** REPLACE. */
  public static String replace(DataContext context, String text, String what, String with) {
    if (what.isEmpty()) {
      return text;
    }
    long length = text.length();
    if (with.length() > what.length()) {
      for (int at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + what.length())) {
        length += with.length() - what.length();
      }
    }
    requireLength(length);
    return text.replace(what, with);
  }

  /** ABS of an integer, whose least value has none. */
  public static Long abs(DataContext context, Long number) {
    if (number == Long.MIN_VALUE) {
      throw new ArithmeticException("overflow");
    }
    return Math.abs(number);
  }

  /** The integer part of an approximate number, for CAST. */
  public static Long whole(DataContext context, Double number) {
    if (!(number >= -0x1p63 && number < 0x1p63)) {
      throw new ArithmeticException("overflow"); // NaN too
    }
    return number.longValue();
  }

  /** A moment with some digits of the second, for CAST. */
  public static Long cut(DataContext context, Long millis, Integer digits) {
    long unit = digits == 0 ? 1000 : digits == 1 ? 100 : digits == 2 ? 10 : 1;
    return Math.floorDiv(millis, unit) * unit;
  }

  private static String bounded(String text) {
    requireLength(text.length());
    return text;
  }

  private static void requireLength(long length) {
    if (length > MAX_LENGTH) {
      throw new SqlException(
          SqlState.LIMIT, "an expression would give a value longer than " + MAX_LENGTH, null);
    }
  }
}
