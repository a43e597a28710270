package org.ouroborosdb.store.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Uninterrupted;

/**
 * A reader's note in a store's {@code readers} folder, for which the writer keeps every file that
 * the reader may have open.
 *
 * <p>The file is named after process and start time, and locked: the lock ends with the process,
 * however that ends, so a note that others can lock is stale. A process never opens its own notes a
 * second time, since closing them would drop its locks.
 *
 * <p>A reader registers before it reads which files are in use; a writer looks for readers after it
 * has named others. So either the writer sees the reader, or the reader sees the new files.
 */
final class ReaderRegistration implements Closeable {
  static final String FOLDER = "readers";

  private static final String SUFFIX = ".reader";
  private static final int NAME_BYTES = 8;

  private final @Nullable Path file;
  private final @Nullable FileChannel channel;

  private ReaderRegistration(@Nullable Path file, @Nullable FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Registers this process. Where the directory takes no files it goes without, unless a writer has
   * the store open; a directory that is no store is left as it is.
   *
   * @throws StoreException {@link ErrorCode#LOCKED} if there is a writer and it cannot be told
   */
  static ReaderRegistration take(Path directory) {
    Path folder = directory.resolve(FOLDER);
    if (!Files.exists(directory.resolve(FormatFile.NAME))) {
      return new ReaderRegistration(null, null);
    }
    try {
      Files.createDirectories(folder);
      while (true) {
        ReaderRegistration taken =
            Uninterrupted.run(() -> Optional.ofNullable(tryTake(folder))).orElse(null);
        if (taken != null) {
          return taken;
        }
      }
    } catch (IOException e) {
      if (StoreLock.isHeld(directory)) {
        throw new StoreException(
            ErrorCode.LOCKED,
            "a writer has the database open, and cannot be told of this reader, since "
                + folder
                + " takes no files; allow that, or close the writer",
            e);
      }
      return new ReaderRegistration(null, null);
    }
  }

  /** Registers; null if a writer took the new file for a stale one. */
  private static @Nullable ReaderRegistration tryTake(Path folder) throws IOException {
    byte[] name = new byte[NAME_BYTES];
    new SecureRandom().nextBytes(name);
    Path file = folder.resolve(ownPrefix() + HexFormat.of().formatHex(name) + SUFFIX);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null && Files.exists(file)) {
        String text = "process " + ProcessHandle.current().pid() + " reads since " + Instant.now();
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        return new ReaderRegistration(file, channel);
      }
      channel.close();
      return null;
    } catch (IOException | RuntimeException e) {
      channel.close();
      Files.deleteIfExists(file); // else it would count as one of this process for ever
      throw e;
    }
  }

  /** Returns what the names of this process's notes start with: nobody else's do. */
  private static String ownPrefix() {
    ProcessHandle self = ProcessHandle.current();
    long started = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return self.pid() + "-" + started + "-";
  }

  /** Returns whether anybody is registered, after clearing what dead processes left. */
  static boolean anyLive(Path directory) {
    Path folder = directory.resolve(FOLDER);
    boolean live = false;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = Objects.toString(file.getFileName());
        live |= name.endsWith(SUFFIX) && (name.startsWith(ownPrefix()) || isLocked(file));
      }
      return live;
    } catch (NoSuchFileException e) {
      return live;
    } catch (IOException e) {
      return true; // it cannot be known: nothing is deleted
    }
  }

  /** Returns whether another process holds a note; deletes it if none does. */
  private static boolean isLocked(Path file) throws IOException {
    try {
      return Uninterrupted.run(
          () -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
              if (channel.tryLock(0, Long.MAX_VALUE, true) == null) {
                return true;
              }
              Files.deleteIfExists(file);
              return false;
            }
          });
    } catch (NoSuchFileException e) {
      return false; // its reader has just closed it
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null && channel != null) {
      try (channel) {
        Files.deleteIfExists(file);
      }
    }
  }
}
