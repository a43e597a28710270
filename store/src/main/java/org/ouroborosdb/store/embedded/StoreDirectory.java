package org.ouroborosdb.store.embedded;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;

/** The directory of a store before anything in it is opened. Stateless. */
final class StoreDirectory {
  private StoreDirectory() {}

  /** Returns the real path of a directory; a directory is created only if asked for. */
  static Path find(Path path, StoreOptions options) throws IOException {
    if (!Files.exists(path)) {
      if (!options.create() || options.readOnly()) {
        throw notFound("at", path);
      }
      try {
        Files.createDirectories(path);
      } catch (FileAlreadyExistsException e) {
        throw new StoreException(ErrorCode.UNKNOWN_FORMAT, path + " is no directory", e);
      }
    }
    if (!Files.isDirectory(path)) {
      throw new StoreException(
          ErrorCode.UNKNOWN_FORMAT, path + " is a file; a database is a directory");
    }
    requireStoreOrPlace(path, options);
    return path.toRealPath();
  }

  /** Looks before a LOCK or a reader's note is left there. */
  private static void requireStoreOrPlace(Path path, StoreOptions options) throws IOException {
    List<String> names = StoreFiles.names(path);
    if (Files.exists(path.resolve(FormatFile.NAME))) {
      return;
    }
    FormatFile.requireNotWithoutFormat(names, " in " + path);
    if (!options.create() || options.readOnly()) {
      throw notFound("in", path);
    }
    FormatFile.requireFree(names, " in " + path);
  }

  private static StoreException notFound(String where, Path path) {
    return new StoreException(
        ErrorCode.STORE_NOT_FOUND,
        "there is no database " + where + " " + path + "; create it with create=true");
  }
}
