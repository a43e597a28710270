package org.ouroborosdb.store.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.disk.Uninterrupted;
import org.ouroborosdb.store.segment.IoFailures;

/**
 * The right to write to a directory: a lock on its LOCK file against other processes, and an entry
 * in a table of this JVM against itself, which comes first since closing any channel of a file
 * drops the process's lock on it.
 */
final class StoreLock implements Closeable {
  static final String NAME = "LOCK";
  private static final int MAX_HOLDER_BYTES = 512;
  private static final long RETRY_MILLIS = 20;
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private StoreLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param directory the store's real path
   * @throws StoreException {@link ErrorCode#LOCKED}, naming the holder, if it stays taken
   */
  static StoreLock take(Path directory, long timeoutMillis) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    while (true) {
      StoreLock lock = tryTake(directory);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new StoreException(
            ErrorCode.LOCKED,
            "the database is open in "
                + holder(directory)
                + "; close it there, read it with readonly=true, or give a lockTimeout to wait");
      }
      try {
        Thread.sleep(RETRY_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreException(ErrorCode.CANCELLED, "waiting for the lock was interrupted", e);
      }
    }
  }

  /** Returns whether anybody has the right to write to a directory now. */
  static boolean isHeld(Path directory) {
    if (HELD.contains(directory)) {
      return true;
    }
    try {
      return Uninterrupted.run(
          () -> {
            try (FileChannel file =
                FileChannel.open(directory.resolve(NAME), StandardOpenOption.READ)) {
              return file.tryLock(0, Long.MAX_VALUE, true) == null;
            }
          });
    } catch (NoSuchFileException e) {
      return false;
    } catch (OverlappingFileLockException | IOException e) {
      return true; // it cannot be known
    }
  }

  private static @Nullable StoreLock tryTake(Path directory) {
    if (!HELD.add(directory) && Guard.OPEN_TABLE.isOn()) {
      return null;
    }
    StoreLock taken = null;
    try {
      taken = Uninterrupted.run(() -> Optional.ofNullable(locked(directory))).orElse(null);
      return taken;
    } catch (OverlappingFileLockException | IOException e) {
      String doing = "locking " + directory.resolve(NAME);
      throw e instanceof IOException failure
          ? IoFailures.translate(doing, failure)
          : new StoreException(ErrorCode.IO_FAILED, doing + " failed: it is locked already", e);
    } finally {
      if (taken == null) {
        HELD.remove(directory);
      }
    }
  }

  /** Locks the file and says in it who holds it; null if another process does. */
  private static @Nullable StoreLock locked(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(self().getBytes(StandardCharsets.UTF_8)), 0);
        return new StoreLock(directory, channel);
      }
    } catch (OverlappingFileLockException | IOException e) {
      closeQuietly(channel, e);
      throw e;
    }
    channel.close();
    return null;
  }

  private static void closeQuietly(FileChannel channel, Exception cause) {
    try {
      channel.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static String self() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      host = "unknown host";
    }
    return "process "
        + ProcessHandle.current().pid()
        + " on "
        + host
        + " since "
        + Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private static String holder(Path directory) {
    if (HELD.contains(directory)) {
      return "this process (" + ProcessHandle.current().pid() + ") already";
    }
    try (FileChannel file = FileChannel.open(directory.resolve(NAME), StandardOpenOption.READ)) {
      ByteBuffer text = ByteBuffer.allocate(MAX_HOLDER_BYTES);
      file.read(text, 0);
      String holder = StandardCharsets.UTF_8.decode(text.flip()).toString().strip();
      return holder.isEmpty() ? "another process" : holder;
    } catch (IOException e) {
      return "another process";
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(directory);
    }
  }
}
