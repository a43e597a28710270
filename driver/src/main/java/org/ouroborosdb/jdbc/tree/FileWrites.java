package org.ouroborosdb.jdbc.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

  /** The first whole second whose nanoseconds since 1970 are a long. */
  private static final long FIRST_SECOND = Long.MIN_VALUE / 1_000_000_000;

  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  /** Files being written or waiting at most. */
  private static final int MAX_PENDING = 64;

  private final Cancellation cancellation;
  private final ProgressListener progress;
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
  private final CompletionService<Written> written = new ExecutorCompletionService<>(workers);
  private int pending;

  /** Permissions that new files had when they were asked for: the umask takes nothing of them. */
  private final Set<Set<PosixFilePermission>> kept = ConcurrentHashMap.newKeySet();

  private long files;
  private long bytes;

  /** What became of a file. */
  private record Written(Path path, @Nullable Exception failure) {}

  FileWrites(Cancellation cancellation, ProgressListener progress) {
    this.cancellation = cancellation;
    this.progress = progress;
  }

  /** Writes a new file with its attributes; failures of this or earlier ones join the list. */
  void submit(Path path, Content content, @Nullable FileMetadata metadata, List<String> failed) {
    if (pending >= MAX_PENDING) {
      takeOne(failed);
    }
    written.submit(() -> attempt(path, content, metadata));
    pending++;
  }

  /** Waits for all files and returns how many were written. */
  long finish(List<String> failed) {
    while (pending > 0) {
      takeOne(failed);
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

  private Written attempt(Path path, Content content, @Nullable FileMetadata metadata) {
    try {
      write(path, content, metadata);
      return new Written(path, null);
    } catch (IOException | RuntimeException e) {
      return new Written(path, e);
    }
  }

  /** Waits for any file: while a long one is written, short ones go on beside it. */
  private void takeOne(List<String> failed) {
    try {
      Written one = written.take().get();
      pending--;
      Exception failure = one.failure();
      if (failure == null) {
        files++;
        return;
      }
      boolean isOfOneFile =
          failure instanceof IOException
              || failure instanceof IllegalArgumentException
              || failure instanceof UnsupportedOperationException
              || (failure instanceof StoreException store && store.code() == ErrorCode.CORRUPT);
      if (failure instanceof RuntimeException ofAll && !isOfOneFile) {
        throw ofAll;
      }
      failed.add(one.path() + ": " + FileProblem.reason(failure));
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(ErrorCode.CANCELLED, "the export was interrupted", e);
    }
  }

  private void write(Path path, Content content, @Nullable FileMetadata metadata)
      throws IOException {
    Set<PosixFilePermission> mode = mode(path, metadata);
    OutputStream created = Channels.newOutputStream(create(path, mode));
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
    setTime(path, metadata);
    if (mode != null && !kept.contains(mode)) {
      requireMode(path, mode);
    }
  }

  /** Returns the permissions that a file shall have; null for those that any new file has. */
  private static @Nullable Set<PosixFilePermission> mode(
      Path path, @Nullable FileMetadata metadata) {
    String mode = metadata == null ? null : metadata.mode();
    return mode != null && path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? PosixFilePermissions.fromString(mode)
        : null;
  }

  private static SeekableByteChannel create(Path path, @Nullable Set<PosixFilePermission> mode)
      throws IOException {
    return mode == null
        ? Files.newByteChannel(path, NEW)
        : Files.newByteChannel(path, NEW, PosixFilePermissions.asFileAttribute(readable(mode)));
  }

  /** The time of a file is set by who may read it: the owner, until its permissions are set. */
  private static Set<PosixFilePermission> readable(Set<PosixFilePermission> mode) {
    Set<PosixFilePermission> readable = EnumSet.of(PosixFilePermission.OWNER_READ);
    readable.addAll(mode);
    return readable;
  }

  /** Gives a new file the permissions it was made with, if the umask took some of them. */
  private void requireMode(Path path, Set<PosixFilePermission> mode) throws IOException {
    if (Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).equals(mode)) {
      kept.add(mode);
    } else {
      setMode(path, mode);
    }
  }

  private static void setMode(Path path, Set<PosixFilePermission> mode) throws IOException {
    Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setPermissions(mode);
  }

  private static void setTime(Path path, @Nullable FileMetadata metadata) throws IOException {
    if (metadata != null) {
      setTime(path, metadata.modified());
    }
  }

  /** Sets the time of a file, directory or link itself, as exactly as the platform can. */
  static void setTime(Path path, Instant modified) throws IOException {
    Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(FileTime.from(settable(modified)), null, null);
  }

  /**
   * The JDK passes nanoseconds on as a long, and with the sign of the whole: what is before 1970
   * and no whole second is refused by the system, and then set to 1970 without a word.
   */
  private static Instant settable(Instant modified) {
    if (!modified.isBefore(Instant.EPOCH)) {
      return modified;
    }
    return Instant.ofEpochSecond(Math.max(FIRST_SECOND, modified.getEpochSecond()));
  }

  /** Sets permissions and time as far as they are known and the file system has them. */
  static void setAttributes(Path path, @Nullable FileMetadata metadata) throws IOException {
    setTime(path, metadata); // first: it takes a directory that may be read
    Set<PosixFilePermission> mode = mode(path, metadata);
    if (mode != null) {
      setMode(path, mode);
    }
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
