package org.ouroborosdb.calcite.scan;

import org.jspecify.annotations.Nullable;

/** What all titles begin with that a LIKE, or a range of texts, can find. */
public final class TitleStart {
  private TitleStart() {}

  /**
   * Returns the start; empty if any title may be found, null if none can.
   *
   * @param operands a pattern; a pattern and its escape character; or NULL, the least and the
   *     greatest text
   */
  public static @Nullable String of(@Nullable Object[] operands) {
    if (operands.length == 3) {
      return operands[1] instanceof String least && operands[2] instanceof String greatest
          ? common(least, greatest)
          : null;
    }
    if (!(operands[0] instanceof String pattern)) {
      return null;
    }
    Object escape = operands.length == 2 ? operands[1] : "";
    return escape instanceof String text && text.length() <= 1 ? ofPattern(pattern, text) : "";
  }

  /**
   * Returns the start of a LIKE pattern, up to its first wildcard.
   *
   * @param escape the character before which a wildcard is none; empty if there is none such
   */
  public static String ofPattern(String pattern, String escape) {
    StringBuilder start = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (!escape.isEmpty() && c == escape.charAt(0)) {
        i++;
        if (i == pattern.length()) {
          break; // LIKE itself refuses it
        }
        c = pattern.charAt(i);
      } else if (c == '%' || c == '_') {
        break;
      }
      start.append(c);
    }
    return whole(start);
  }

  /** Texts between two others begin with what both begin with. */
  private static String common(String least, String greatest) {
    int end = 0;
    while (end < Math.min(least.length(), greatest.length())
        && least.charAt(end) == greatest.charAt(end)) {
      end++;
    }
    return whole(least.substring(0, end));
  }

  /** A half of a surrogate pair, which has no UTF-8, is left out. */
  private static String whole(CharSequence start) {
    int end = start.length();
    while (end > 0 && Character.isSurrogate(start.charAt(end - 1))) {
      end--;
    }
    return start.subSequence(0, end).toString();
  }
}
