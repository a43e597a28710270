package org.ouroborosdb.jdbc.tree;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;

/** The threads that list directories and store files for an import. Thread-safe. */
final class FileReads implements AutoCloseable {
  private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors());

  /** Two ticks of the slowest kernel clock that stamps files with more than seconds. */
  private static final Duration FINE_GRAIN = Duration.ofMillis(20);

  /** The coarsest clock of a common file system (FAT). */
  private static final Duration COARSE_GRAIN = Duration.ofSeconds(2);

  private final EventStore store;
  private final Cancellation cancellation;
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);

  /** Apart from the workers: a directory would wait for the hundreds of files before it. */
  private final ExecutorService listers = Executors.newFixedThreadPool(WORKERS);

  FileReads(EventStore store, Cancellation cancellation) {
    this.store = store;
    this.cancellation = cancellation;
  }

  /** Lists a directory, beside the files that are stored. */
  Future<Listing> list(Callable<Listing> listing) {
    return listers.submit(listing);
  }

  /** Stores a file's bytes, after those that were given before. */
  Future<StoredContent> store(Listing.Entry file) {
    return workers.submit(() -> store(file.path(), file.metadata()));
  }

  /**
   * Stores a file's bytes. Where the file changed within its clock's grain before its attributes
   * were read, the grain is waited out first: so any later change has other attributes.
   */
  private StoredContent store(Path file, FileMetadata metadata)
      throws IOException, InterruptedException {
    FileMetadata.Identity identity = metadata.identity();
    Instant last = identity == null ? metadata.modified() : identity.changed();
    Duration grain = last.equals(last.truncatedTo(ChronoUnit.SECONDS)) ? COARSE_GRAIN : FINE_GRAIN;
    Duration wait = Duration.between(Instant.now(), last.plus(grain));
    if (!wait.isNegative()) {
      TimeUnit.NANOSECONDS.sleep(Math.min(wait.toNanos(), grain.toNanos()));
    }
    // To open a pipe that took its place would wait for ever, and a device may have no end.
    if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isRegularFile()) {
      throw new IOException("is no file any more");
    }
    try (Watched bytes = new Watched(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))) {
      try {
        return store.put(bytes, cancellation, ProgressListener.NONE);
      } catch (StoreException e) {
        if (bytes.failure != null) {
          throw bytes.failure; // the file failed, not the store
        }
        throw e;
      }
    }
  }

  /** A file's bytes; remembers that reading them failed. */
  private static final class Watched extends FilterInputStream {
    private @Nullable IOException failure;

    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      try {
        return super.read(bytes, from, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  /**
   * Waits for work.
   *
   * @throws IOException if a file could not be read, which does not end an import
   * @throws StoreException if the store failed, which does
   */
  static <T> T result(Future<T> work) throws IOException {
    try {
      return work.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof StoreException failure) {
        throw failure;
      }
      throw new IllegalStateException("reading failed", cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(ErrorCode.CANCELLED, "the import was interrupted", e);
    }
  }

  /** Stops what is under way, and waits for it: the store may be closed next. */
  @Override
  public void close() {
    listers.shutdownNow();
    workers.shutdownNow();
    try {
      if (!listers.awaitTermination(1, TimeUnit.MINUTES)
          || !workers.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new AssertionError("reading a file goes on and on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
