package org.ouroborosdb.store.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.CopyOnWriteDisk;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.disk.RealDisk;
import org.ouroborosdb.store.index.IndexFile;
import org.ouroborosdb.store.segment.LogCopy;
import org.ouroborosdb.store.segment.LogOptions;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.LogVisitor;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.SegmentLog;

/**
 * The files of a directory, claimed for copying or writing without the store being opened: what
 * backups work on. For one thread.
 */
public final class StoreFiles implements Closeable {
  private final StoreOptions options;
  private final Disk disk;
  private final Closeable claim;

  private StoreFiles(StoreOptions options, Path directory, Closeable claim) {
    this.options = options;
    this.disk = new RealDisk(directory);
    this.claim = claim;
  }

  /**
   * Claims a store for reading, beside its writer if it has one.
   *
   * @throws StoreException {@link ErrorCode#STORE_NOT_FOUND}
   */
  public static StoreFiles reading(StoreOptions options) throws IOException {
    Path path = path(options);
    if (!isStore(path)) {
      FormatFile.requireNotWithoutFormat(names(path), " in " + path);
      throw new StoreException(ErrorCode.STORE_NOT_FOUND, "there is no database at " + path);
    }
    Path directory = path.toRealPath();
    return new StoreFiles(options, directory, ReaderRegistration.take(directory));
  }

  /**
   * Claims a directory for writing, and creates it if need be.
   *
   * @throws StoreException {@link ErrorCode#LOCKED} if it is open elsewhere
   */
  public static StoreFiles writing(StoreOptions options) throws IOException {
    Path path = path(options);
    Files.createDirectories(path);
    Path directory = path.toRealPath();
    return new StoreFiles(
        options, directory, StoreLock.take(directory, options.lockTimeoutMillis()));
  }

  /** Returns whether a directory has a {@code FORMAT}, be it damaged. */
  public static boolean isStore(Path path) {
    return Files.exists(path.resolve(FormatFile.NAME));
  }

  /**
   * Returns the path of a store.
   *
   * @throws IllegalArgumentException if it is in memory
   */
  public static Path path(StoreOptions options) {
    if (options.path() == null) {
      throw new IllegalArgumentException("a database in memory has no files");
    }
    return options.path();
  }

  /** Returns the names of the files in a directory; none if it is no directory. */
  public static List<String> names(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Disk files = new RealDisk(path)) {
      return files.list();
    }
  }

  /** Returns whether a name may stand in a directory that is no store, but may become one. */
  public static boolean isOfNoStore(String name) {
    return name.equals(StoreLock.NAME) || name.equals(FormatFile.NEXT);
  }

  /** Returns whether a name is that of a file which every store has, be it damaged otherwise. */
  public static boolean isOfStore(String name) {
    return name.equals(StoreLock.NAME) || LogCopy.isSegment(name) || IndexFile.isOfIndex(name);
  }

  /** Returns the directory. */
  public Disk disk() {
    return disk;
  }

  /** Returns the id of the log; null if this is no store, or one that is being restored. */
  public @Nullable WriterId logId() throws IOException {
    FormatFile format = FormatFile.read(disk);
    return format == null ? null : format.logId();
  }

  /** Returns whether this is a store; a damaged {@code FORMAT} is none. */
  public boolean hasFormat() throws IOException {
    try {
      return FormatFile.read(disk) != null;
    } catch (StoreException e) {
      if (e.code() == ErrorCode.CORRUPT || disk.list().stream().anyMatch(LogCopy::isSegment)) {
        return false;
      }
      throw e;
    }
  }

  /** Returns an end that the log once had; null if none is known. */
  public @Nullable Position knownEnd() throws IOException {
    IndexFile.Noted noted = index().noted();
    return noted == null ? null : noted.end();
  }

  /** Returns a sequence number that the log once had; 0 if none is known. */
  public long knownSeq() throws IOException {
    IndexFile.Noted noted = index().noted();
    return noted == null ? 0 : noted.lastSeq();
  }

  /** Makes the next open build the index anew. */
  public void forgetIndex() throws IOException {
    index().forget();
  }

  private IndexFile index() {
    Path indexes = options.indexPath();
    if (indexes == null) {
      return new IndexFile(disk);
    }
    return new IndexFile(Files.isDirectory(indexes) ? new RealDisk(indexes) : new MemoryDisk());
  }

  /** Returns the end of the last whole commit, which is on the disk when this returns. */
  public Position end() throws IOException {
    WriterId logId = logId();
    if (logId == null) {
      throw new StoreException(ErrorCode.STORE_NOT_FOUND, "there is no database");
    }
    IndexFile.Noted noted = index().noted();
    LogOptions how =
        new LogOptions(
            logId,
            options.profile().segmentBytes(),
            options.durability(),
            0,
            noted == null ? null : noted.end(),
            null);
    try (Disk seen = new CopyOnWriteDisk(new RealDisk(disk.path().orElseThrow()));
        SegmentLog log =
            SegmentLog.open(
                seen,
                how,
                noted == null ? null : noted.end(),
                noted == null ? 0 : noted.lastSeq(),
                new Nothing())) {
      Position end = log.end();
      LogCopy.force(disk, end.segment());
      return end;
    }
  }

  /** Makes a directory with the segments of another a store: a copy, which gets ids of its own. */
  public void become(StoreFiles origin) throws IOException {
    FormatFile format = FormatFile.read(origin.disk);
    if (format == null) {
      throw new StoreException(ErrorCode.STORE_NOT_FOUND, "there is no database to copy");
    }
    format.ofCopy(new SecureRandom()).write(disk);
  }

  @Override
  public void close() throws IOException {
    try (disk) {
      claim.close();
    }
  }

  /** Takes records that are of no interest. */
  private static final class Nothing implements LogVisitor {
    @Override
    public void chunk(LogRecord record) {}

    @Override
    public void committed(LogRecord record, long seq) {}
  }
}
