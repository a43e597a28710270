package org.ouroborosdb.store.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.StoreOptions;

/** The right to write to log and index, or the promise that what is read stays. For one thread. */
final class StoreClaim implements Closeable {
  private final Closeable log;
  private final @Nullable IndexClaim index;

  private StoreClaim(Closeable log, @Nullable IndexClaim index) {
    this.log = log;
    this.index = index;
  }

  /**
   * Takes it.
   *
   * @param directory the log's real path
   */
  static StoreClaim take(Path directory, StoreOptions options) throws IOException {
    if (options.readOnly()) {
      return new StoreClaim(ReaderRegistration.take(directory), null);
    }
    long timeoutMillis = options.lockTimeoutMillis();
    StoreLock log = StoreLock.take(directory, timeoutMillis);
    try {
      Path other = options.indexPath();
      return new StoreClaim(
          log, other == null ? null : IndexClaim.take(other, directory, timeoutMillis));
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
  }

  /** Gives it back, since the store cannot be opened. */
  void giveUp(Throwable cause) throws IOException {
    try (log) {
      if (index != null) {
        index.giveUp(cause);
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (log;
        index) {}
  }
}
