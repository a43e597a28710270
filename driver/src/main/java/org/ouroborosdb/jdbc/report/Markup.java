package org.ouroborosdb.jdbc.report;

/** Makes any text a piece of XML that shows it and does nothing else. */
final class Markup {
  private static final int REPLACEMENT = 0xfffd;

  private Markup() {}

  /** Returns a text for between tags and in attributes. */
  static String text(String any) {
    StringBuilder out = new StringBuilder(any.length() + 16);
    any.codePoints().forEach(c -> append(out, c));
    return out.toString();
  }

  /** Returns at most so many characters of a text, marked where it was cut. */
  static String shortened(String any, int most) {
    return any.codePointCount(0, any.length()) <= most
        ? any
        : any.substring(0, any.offsetByCodePoints(0, most - 1)) + "\u2026";
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      default -> out.appendCodePoint(isHarmless(c) ? c : REPLACEMENT);
    }
  }

  /** Returns whether XML allows a character, and it neither moves nor hides those around it. */
  private static boolean isHarmless(int c) {
    int type = Character.getType(c);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && (c & 0xfffe) != 0xfffe;
  }
}
