package org.ouroborosdb.sql.function;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.store.Cancellation;

/**
 * The patterns of LIKE and SIMILAR TO. LIKE takes time in proportion to text times pattern, where a
 * regular expression of many {@code %} takes for ever; SIMILAR TO asks the cancel handle.
 */
final class TextPattern {
  private static final String LIKE_SPECIALS = "%_";
  private static final String SIMILAR_SPECIALS = "[]()|^-+*_%?{}";
  private static final int POLL_EVERY_CHARACTERS = 4096;

  private TextPattern() {}

  /** Returns whether a text is like a pattern; {@code _} is one code point. */
  static boolean like(
      String text, String pattern, @Nullable String escape, boolean ignoreCase, Cancellation poll) {
    int escaping = escape == null ? -1 : escapeOf(escape);
    requireEscapes(pattern, escaping, LIKE_SPECIALS);
    int t = 0;
    int p = 0;
    int afterPercent = -1; // where the pattern goes on behind the last % met
    int retry = 0; // where the text goes on if that fails
    int steps = 0;
    while (t < text.length() || p < pattern.length()) {
      if (++steps % POLL_EVERY_CHARACTERS == 0) {
        poll.check();
      }
      int c = p < pattern.length() ? pattern.codePointAt(p) : -1;
      if (c == '%' && c != escaping) {
        afterPercent = ++p;
        retry = t;
        continue;
      }
      if (c >= 0 && t < text.length()) {
        boolean escaped = c == escaping;
        int width = escaped ? Character.charCount(c) : 0;
        int wanted = escaped ? pattern.codePointAt(p + width) : c;
        int found = text.codePointAt(t);
        if ((!escaped && wanted == '_') || same(wanted, found, ignoreCase)) {
          p += width + Character.charCount(wanted);
          t += Character.charCount(found);
          continue;
        }
      }
      if (afterPercent < 0 || retry >= text.length()) {
        return false;
      }
      retry += Character.charCount(text.codePointAt(retry));
      t = retry;
      p = afterPercent;
    }
    return true;
  }

  private static boolean same(int wanted, int found, boolean ignoreCase) {
    return wanted == found
        || (ignoreCase
            && (Character.toLowerCase(wanted) == Character.toLowerCase(found)
                || Character.toUpperCase(wanted) == Character.toUpperCase(found)));
  }

  /** Returns the escape character; -1 for none, which object-relational mappers write as ''. */
  private static int escapeOf(String escape) {
    if (escape.isEmpty()) {
      return -1;
    }
    if (escape.codePointCount(0, escape.length()) != 1) {
      throw new SqlException(SqlState.BAD_ESCAPE, "ESCAPE needs one character, or none", null);
    }
    return escape.codePointAt(0);
  }

  private static void requireEscapes(String pattern, int escaping, String specials) {
    for (int i = 0; escaping >= 0 && i < pattern.length(); i++) {
      int c = pattern.codePointAt(i);
      if (c == escaping) {
        i += Character.charCount(c);
        int next = i < pattern.length() ? pattern.codePointAt(i) : -1;
        if (next != escaping && (next < 0 || specials.indexOf(next) < 0)) {
          throw new SqlException(
              SqlState.BAD_ESCAPE_SEQUENCE,
              "the ESCAPE character at position " + i + " of a pattern stands before no wildcard",
              null);
        }
      }
    }
  }

  /** Returns whether a text is similar to a pattern: a regular expression of SQL:2016, 8.6. */
  static boolean similar(String text, String pattern, @Nullable String escape, Cancellation poll) {
    int escaping = escape == null ? -1 : escapeOf(escape);
    requireEscapes(pattern, escaping, SIMILAR_SPECIALS);
    return compiled(regex(pattern, escaping), Pattern.DOTALL)
        .matcher(new PolledText(text, poll))
        .matches();
  }

  /** Compiles a regular expression of Java's. */
  static Pattern compiled(String regex, int flags) {
    try {
      return Pattern.compile(regex, flags);
    } catch (PatternSyntaxException e) {
      throw new SqlException(
          SqlState.BAD_REGEX, "a pattern is no regular expression: " + e.getDescription(), e);
    }
  }

  private static String regex(String pattern, int escaping) {
    StringBuilder regex = new StringBuilder("(?:");
    boolean inBrackets = false;
    for (int i = 0; i < pattern.length(); ) {
      int c = pattern.codePointAt(i);
      i += Character.charCount(c);
      if (c == escaping) {
        c = pattern.codePointAt(i);
        i += Character.charCount(c);
        regex.append('\\').appendCodePoint(c);
      } else if (inBrackets) {
        inBrackets = c != ']';
        if (pattern.startsWith("[:", i - 1) && pattern.indexOf(":]", i) > 0) {
          int end = pattern.indexOf(":]", i);
          regex.append(characterClass(pattern.substring(i + 1, end)));
          i = end + 2;
        } else {
          regex.append(c == '[' || c == '&' || c == '\\' ? "\\" : "").appendCodePoint(c);
        }
      } else {
        inBrackets = c == '[';
        switch (c) {
          case '%' -> regex.append(".*");
          case '_' -> regex.append('.');
          case '.', '^', '$', '\\' -> regex.append('\\').appendCodePoint(c);
          default -> regex.appendCodePoint(c);
        }
      }
    }
    return regex.append(')').toString();
  }

  private static String characterClass(String name) {
    return switch (name.toUpperCase(java.util.Locale.ROOT)) {
      case "ALPHA" -> "\\p{Alpha}";
      case "UPPER" -> "\\p{Upper}";
      case "LOWER" -> "\\p{Lower}";
      case "DIGIT" -> "\\d";
      case "ALNUM" -> "\\p{Alnum}";
      case "SPACE" -> " ";
      case "WHITESPACE" -> "\\s";
      default ->
          throw new SqlException(SqlState.BAD_REGEX, "there is no such class of characters", null);
    };
  }

  /** A text that asks the cancel handle while a regular expression walks over it. */
  static final class PolledText implements CharSequence {
    private final String text;
    private final Cancellation poll;
    private int reads;

    PolledText(String text, Cancellation poll) {
      this.text = text;
      this.poll = poll;
    }

    @Override
    public char charAt(int index) {
      if (++reads % POLL_EVERY_CHARACTERS == 0) {
        poll.check();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
