package org.ouroborosdb.jdbc.tree;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The entries of one directory with their attributes. Immutable.
 *
 * @param entries the entries that can be taken, in the directory's order
 * @param skipped the others, and why
 * @param unknown the names of entries that are there, and could not be looked at
 * @param whole whether all entries were seen
 */
record Listing(List<Entry> entries, List<String> skipped, Set<String> unknown, boolean whole) {
  /** One file, directory or link. */
  record Entry(Path path, RawName name, FileMetadata metadata) {}

  /** Reads a directory, leaving out entries of some names, and some paths. */
  static Listing of(Path directory, Set<String> leftOut, Set<Path> leftOutPaths) {
    List<Entry> entries = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    Set<String> unknown = new HashSet<>();
    boolean whole = true;
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(notLink(directory))) {
      for (Path path : paths) {
        RawName name = RawName.ofFile(path);
        if (!leftOut.contains(name.text()) && !leftOutPaths.contains(path)) {
          take(path, name, entries, skipped, unknown);
        }
      }
    } catch (DirectoryIteratorException e) {
      skipped.add(directory + ": " + FileProblem.reason(Objects.requireNonNull(e.getCause())));
      whole = false;
    } catch (IOException e) {
      skipped.add(directory + ": " + FileProblem.reason(e));
      whole = false;
    }
    return new Listing(entries, skipped, unknown, whole);
  }

  /** A link that took a directory's place since it was seen may lead anywhere. */
  private static Path notLink(Path directory) throws IOException {
    if (Files.isSymbolicLink(directory)) {
      throw new NotDirectoryException(directory.toString());
    }
    return directory;
  }

  private static void take(
      Path path, RawName name, List<Entry> entries, List<String> skipped, Set<String> unknown) {
    try {
      FileMetadata metadata = FileMetadata.of(path, name.raw());
      if (metadata != null) {
        entries.add(new Entry(path, name, metadata));
      } else {
        skipped.add(path + ": neither file, directory nor link");
      }
    } catch (IOException e) {
      skipped.add(path + ": " + FileProblem.reason(e));
      unknown.add(Known.key(name));
    }
  }
}
