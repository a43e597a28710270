package org.ouroborosdb.jdbc;

import org.jspecify.annotations.Nullable;

/** Matches names against the patterns of the catalogue: {@code %}, {@code _}, escaped by a \. */
final class LikePattern {
  private LikePattern() {}

  /** Returns whether a name matches, whatever its case; null matches everything. */
  static boolean matches(@Nullable String pattern, String name) {
    return pattern == null || matchesAll(pattern, name);
  }

  /** Goes back to the last % only, so that time is at most pattern times name. */
  private static boolean matchesAll(String pattern, String name) {
    int p = 0;
    int n = 0;
    int afterPercent = -1;
    int retry = 0;
    while (n < name.length() || p < pattern.length()) {
      char c = p < pattern.length() ? pattern.charAt(p) : 0;
      if (p < pattern.length() && c == '%') {
        afterPercent = ++p;
        retry = n;
        continue;
      }
      boolean escape = c == '\\' && p + 1 < pattern.length();
      if (p < pattern.length()
          && n < name.length()
          && ((c == '_' && !escape) || same(pattern.charAt(escape ? p + 1 : p), name.charAt(n)))) {
        p += escape ? 2 : 1;
        n++;
        continue;
      }
      if (afterPercent < 0 || retry >= name.length()) {
        return false;
      }
      n = ++retry;
      p = afterPercent;
    }
    return true;
  }

  private static boolean same(char a, char b) {
    return Character.toLowerCase(a) == Character.toLowerCase(b);
  }
}
