package org.ouroborosdb.store.identity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of an event that is hashed behind a salted commitment. Immutable.
 *
 * @param title the title; null if absent
 * @param mediaType the media type; null if absent
 * @param tags the tags, ascending by their unsigned UTF-8 bytes, no duplicates
 */
record EventText(@Nullable String title, @Nullable String mediaType, List<String> tags) {
  EventText {
    tags = List.copyOf(tags);
    for (int i = 1; i < tags.size(); i++) {
      if (compareUtf8(tags.get(i - 1), tags.get(i)) >= 0) {
        throw new IllegalArgumentException("tags are not ascending at index " + i);
      }
    }
  }

  /**
   * Compares as the unsigned UTF-8 bytes do, which is by code point. ({@code String.compareTo} puts
   * U+1F600, a surrogate pair, before U+FB01.)
   */
  static int compareUtf8(String left, String right) {
    int shorter = Math.min(left.length(), right.length());
    for (int i = 0; i < shorter; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean surrogateA = Character.isSurrogate(a);
        return surrogateA == Character.isSurrogate(b)
            ? Character.compare(a, b)
            : surrogateA ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
