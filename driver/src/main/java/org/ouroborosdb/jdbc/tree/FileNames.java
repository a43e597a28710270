package org.ouroborosdb.jdbc.tree;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.ouroborosdb.store.EventId;

/**
 * Gives the entries of one directory names that every common file system takes, none of them twice
 * and none of them a way out; equal are those that the directory does not tell from each other. For
 * one thread; one for each directory.
 *
 * <p>A title that is such a name is kept. Another is escaped: what cannot stand in a name becomes
 * {@code %XX} by its UTF-8 bytes, the rest is cut to fit, and {@code ~} with the first 12 digits of
 * the event's id follows, so that the name is the same at each export.
 */
final class FileNames {
  /** NAME_MAX of the common Unix file systems, in bytes. */
  private static final int MAX_NAME_BYTES = 255;

  private static final int ID_DIGITS = 12;

  private final NamesTold told;
  private final Set<String> taken = new HashSet<>();

  FileNames(NamesTold told) {
    this.told = told;
  }

  /** Returns the name for an entry; equal to the title exactly if it can be kept. */
  String name(String title, EventId id) {
    if (isPortable(title) && taken.add(told.folded(title))) {
      return title;
    }
    String suffix = "~" + id.toString().substring(0, ID_DIGITS);
    String name = escaped(title, MAX_NAME_BYTES - suffix.length() - 4) + suffix;
    for (int i = 2; !taken.add(told.folded(name)); i++) {
      name = escaped(title, MAX_NAME_BYTES - suffix.length() - 4) + suffix + "." + i;
    }
    return name;
  }

  /** Takes a name whose bytes are no text, if it can be kept. */
  boolean takeRaw(String raw) {
    return RawName.isName(raw, MAX_NAME_BYTES) && taken.add("\0" + raw);
  }

  private static boolean isPortable(String title) {
    return !title.isEmpty()
        && !title.equals(".")
        && !title.equals("..")
        && title.indexOf('/') < 0
        && title.indexOf('\0') < 0
        && title.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES;
  }

  private static String escaped(String title, int maxBytes) {
    StringBuilder name = new StringBuilder();
    int bytes = 0;
    for (int i = 0; i < title.length(); ) {
      int character = title.codePointAt(i);
      String part = Character.toString(character);
      if (character == '/' || character == '\0' || character == '%' || isOnlyDots(title)) {
        part = String.format(Locale.ROOT, "%%%02X", character);
      }
      bytes += part.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > maxBytes) {
        break;
      }
      name.append(part);
      i += Character.charCount(character);
    }
    return name.toString();
  }

  private static boolean isOnlyDots(String title) {
    return title.chars().allMatch(c -> c == '.');
  }
}
