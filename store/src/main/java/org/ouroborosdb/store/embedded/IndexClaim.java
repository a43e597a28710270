package org.ouroborosdb.store.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.index.IndexFile;

/**
 * The right to write to an index's own directory, which is made if it is not there: an open that
 * fails takes away again what it made. For one thread.
 */
final class IndexClaim implements Closeable {
  private final Path directory;
  private final StoreLock lock;
  private final List<Path> made;

  private IndexClaim(Path directory, StoreLock lock, List<Path> made) {
    this.directory = directory;
    this.lock = lock;
    this.made = made;
  }

  /**
   * Claims a directory; null if it is that of the log, which is claimed already.
   *
   * @param store the log's directory
   */
  static @Nullable IndexClaim take(Path path, Path store, long timeoutMillis) throws IOException {
    List<Path> made = missing(path);
    try {
      Files.createDirectories(path);
      Path directory = path.toRealPath();
      return directory.equals(store)
          ? null
          : new IndexClaim(directory, StoreLock.take(directory, timeoutMillis), made);
    } catch (IOException | RuntimeException e) {
      delete(made, e);
      throw e;
    }
  }

  /** Returns the directories that a path lacks, itself first. */
  private static List<Path> missing(Path path) {
    List<Path> missing = new ArrayList<>();
    for (Path each = path.toAbsolutePath();
        each != null && Files.notExists(each);
        each = each.getParent()) {
      missing.add(each);
    }
    return missing;
  }

  /** Gives the directory back, and takes away what was made, since the store cannot be opened. */
  void giveUp(Throwable cause) throws IOException {
    if (!made.isEmpty()) {
      try {
        for (String name : StoreFiles.names(directory)) {
          if (name.equals(StoreLock.NAME) || IndexFile.isOfIndex(name)) {
            Files.deleteIfExists(directory.resolve(name));
          }
        }
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
    close();
    delete(made, cause);
  }

  /** Deletes directories in which nobody has put anything. */
  private static void delete(List<Path> directories, Throwable cause) {
    try {
      for (Path directory : directories) {
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
