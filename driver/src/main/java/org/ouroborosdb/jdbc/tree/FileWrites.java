package org.ouroborosdb.jdbc.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;

/** The threads that write the files of an export. Used by one thread. */
final class FileWrites implements AutoCloseable {
  private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors());
  private static final int COPY_BYTES = 256 << 10;

  /** Files being written or waiting at most. */
  private static final int MAX_PENDING = 64;

  private final Cancellation cancellation;
  private final ProgressListener progress;
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
  private final Deque<Pending> pending = new ArrayDeque<>();
  private long files;
  private long bytes;

  private record Pending(Path path, Future<?> written) {}

  FileWrites(Cancellation cancellation, ProgressListener progress) {
    this.cancellation = cancellation;
    this.progress = progress;
  }

  /** Writes a new file with its attributes; failures of this or earlier ones join the list. */
  void submit(Path path, Content content, @Nullable FileMetadata metadata, List<String> failed) {
    if (pending.size() >= MAX_PENDING) {
      finishOldest(failed);
    }
    Future<?> written =
        workers.submit(
            () -> {
              write(path, content, metadata);
              return path;
            });
    pending.add(new Pending(path, written));
  }

  /** Waits for all files and returns how many were written. */
  long finish(List<String> failed) {
    while (!pending.isEmpty()) {
      finishOldest(failed);
    }
    return files;
  }

  /** Returns the bytes written so far. */
  synchronized long bytes() {
    return bytes;
  }

  private synchronized void wrote(int count) {
    bytes += count;
    progress.progress(bytes, -1);
  }

  private void finishOldest(List<String> failed) {
    Pending oldest = pending.remove();
    try {
      oldest.written().get();
      files++;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      boolean isOfOneFile =
          cause instanceof IOException
              || cause instanceof IllegalArgumentException
              || cause instanceof UnsupportedOperationException
              || (cause instanceof StoreException store && store.code() == ErrorCode.CORRUPT);
      if (cause instanceof RuntimeException failure && !isOfOneFile) {
        throw failure;
      }
      failed.add(oldest.path() + ": " + FileProblem.reason(cause == null ? e : cause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(ErrorCode.CANCELLED, "the export was interrupted", e);
    }
  }

  private void write(Path path, Content content, @Nullable FileMetadata metadata)
      throws IOException {
    OutputStream created =
        Files.newOutputStream(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    boolean whole = false;
    try (OutputStream out = created;
        InputStream in = content.stream()) {
      byte[] buffer = new byte[(int) Math.max(1, Math.min(COPY_BYTES, content.length()))];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        cancellation.check();
        out.write(buffer, 0, n);
        wrote(n);
      }
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(path); // half a file would be taken for the whole
      }
    }
    setAttributes(path, metadata);
  }

  /** Sets permissions and time as far as they are known and the file system has them. */
  static void setAttributes(Path file, @Nullable FileMetadata metadata) throws IOException {
    if (metadata == null) {
      return;
    }
    PosixFileAttributeView posix =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (posix != null && metadata.mode() != null) {
      posix.setPermissions(PosixFilePermissions.fromString(metadata.mode()));
    }
    Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(FileTime.from(metadata.modified()), null, null);
  }

  /** Stops what is under way, and waits for it: the snapshot may be closed next. */
  @Override
  public void close() {
    workers.shutdownNow();
    try {
      if (!workers.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new AssertionError("writing a file goes on and on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
