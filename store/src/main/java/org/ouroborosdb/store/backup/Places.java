package org.ouroborosdb.store.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.StoreFiles;
import org.ouroborosdb.store.segment.LogCopy;

/** Where a copy may be, told before anything is written there. Stateless. */
final class Places {
  private Places() {}

  /**
   * Refuses a copy in the directory of what is copied: it would be lost with it.
   *
   * @param source the real path of what is copied
   */
  static void requireApart(Path source, StoreOptions copy) throws IOException {
    Path target = real(copy);
    if (target.startsWith(source)) {
      throw new StoreException(
          ErrorCode.CONFLICT,
          target.equals(source)
              ? source + " is no copy of itself; give another directory"
              : "a copy in "
                  + target
                  + " would be lost with "
                  + source
                  + "; give a directory outside of it");
    }
  }

  /**
   * Refuses to mend a database from itself.
   *
   * @param source the real path of what is to be a copy of it
   */
  static void requireOther(Path source, StoreOptions database) throws IOException {
    if (source.equals(real(database))) {
      throw new StoreException(
          ErrorCode.CONFLICT, source + " is no copy of itself, and cannot mend itself");
    }
  }

  /** Refuses to make a database among other things, where nothing is left of one. */
  static void requireRemains(StoreOptions database) throws IOException {
    Path path = StoreFiles.path(database);
    if (!StoreFiles.isStore(path)
        && StoreFiles.names(path).stream().noneMatch(StoreFiles::isOfStore)) {
      requireFree(database);
    }
  }

  /** Refuses a directory of other things. */
  static void requireFree(StoreOptions copy) throws IOException {
    Path path = copy.path();
    if (path != null) {
      Collection<String> names = StoreFiles.names(path);
      if (!StoreFiles.isStore(path)) {
        requireFree(names);
      }
    }
  }

  /** Refuses names of other things. */
  static void requireFree(Collection<String> names) {
    for (String name : names) {
      if (!LogCopy.isSegment(name) && !StoreFiles.isOfNoStore(name)) {
        throw conflict("other files (" + name + ")");
      }
    }
  }

  static StoreException conflict(String what) {
    return new StoreException(
        ErrorCode.CONFLICT, "the directory holds " + what + "; give a new or empty one");
  }

  /** Links are followed as far as there are files. */
  private static Path real(StoreOptions options) throws IOException {
    Path path = StoreFiles.path(options).toAbsolutePath().normalize();
    Path there = path;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there.toRealPath().resolve(there.relativize(path)).normalize();
  }
}
