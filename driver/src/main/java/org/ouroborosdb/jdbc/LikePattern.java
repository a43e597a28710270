package org.ouroborosdb.jdbc;

import org.jspecify.annotations.Nullable;

/** Matches names against the patterns of the catalogue: {@code %}, {@code _}, escaped by a \. */
final class LikePattern {
  private LikePattern() {}

  /** Returns whether a name matches, whatever its case; null matches everything. */
  static boolean matches(@Nullable String pattern, String name) {
    return pattern == null || matches(pattern, 0, name, 0);
  }

  private static boolean matches(String pattern, int p, String name, int n) {
    if (p == pattern.length()) {
      return n == name.length();
    }
    char c = pattern.charAt(p);
    if (c == '%') {
      return matches(pattern, p + 1, name, n)
          || (n < name.length() && matches(pattern, p, name, n + 1));
    }
    if (n == name.length()) {
      return false;
    }
    if (c == '_') {
      return matches(pattern, p + 1, name, n + 1);
    }
    boolean escape = c == '\\' && p + 1 < pattern.length();
    char literal = escape ? pattern.charAt(p + 1) : c;
    return Character.toLowerCase(literal) == Character.toLowerCase(name.charAt(n))
        && matches(pattern, p + (escape ? 2 : 1), name, n + 1);
  }
}
