package org.ouroborosdb.jdbc.tree;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Which names a directory's file system tells from each other. Immutable.
 *
 * @param byCase whether names that differ in case only are two
 * @param byNormalisation whether names that differ in Unicode normalisation only are two
 */
record NamesTold(boolean byCase, boolean byNormalisation) {
  private static final String PROBE = "~probe e\u0301";

  /** Asks a directory by a file in it, which is gone again at the return. */
  static NamesTold in(Path directory) throws IOException {
    Path probe = RawName.resolveText(directory, PROBE);
    try {
      Files.createFile(probe);
    } catch (FileSystemException e) {
      throw new FileSystemException(directory.toString(), null, FileProblem.reason(e));
    }
    try {
      return new NamesTold(
          !isThere(directory, PROBE.toUpperCase(Locale.ROOT)),
          !isThere(directory, Normalizer.normalize(PROBE, Normalizer.Form.NFC)));
    } finally {
      Files.delete(probe);
    }
  }

  private static boolean isThere(Path directory, String name) {
    return Files.exists(RawName.resolveText(directory, name), LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns what is equal for names that are one to the file system. */
  String folded(String name) {
    String composed = byNormalisation ? name : Normalizer.normalize(name, Normalizer.Form.NFC);
    return byCase ? composed : composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
