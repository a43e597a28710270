package org.ouroborosdb.store.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Collection;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.segment.LogCopy;

/**
 * The file that says that a directory is a store, of which format, and whose.
 *
 * @param version the format that the store is in; a writable open brings it to the newest
 * @param logId the id that every segment and the index carry; never changes
 * @param storeId the store's own id; a copy gets another
 * @param writerId the writer of new events; a copy gets another
 * @param place a number of the directory's device and inode, by which a copy is recognised
 */
record FormatFile(int version, WriterId logId, WriterId storeId, WriterId writerId, long place) {
  /** 1: no chunk groups. 2: no PATCHes. */
  static final int VERSION = 3;

  private static final int OLDEST_VERSION = 1;

  static final String NAME = "FORMAT";
  static final String NEXT = "FORMAT.next";
  private static final long MAGIC = 0x4f55_524f_424f_5253L; // "OUROBORS"
  private static final int BYTES = Long.BYTES + Integer.BYTES + 7 * Long.BYTES + Integer.BYTES;
  private static final long UNKNOWN_PLACE = 0;
  private static final long NO_PLACE = -1;

  /** Reads the file, or creates it; a copy's ids are renewed unless the store is read only. */
  static FormatFile openOrCreate(
      Disk disk, boolean create, boolean readOnly, RandomGenerator random) throws IOException {
    FormatFile format = read(disk);
    long place = place(disk);
    if (format == null) {
      if (!create || readOnly) {
        throw new StoreException(
            ErrorCode.STORE_NOT_FOUND,
            "there is no database" + where(disk) + "; create it with create=true");
      }
      requireFree(disk.list(), where(disk));
      FormatFile made = new FormatFile(VERSION, id(random), id(random), id(random), place);
      made.write(disk);
      return made;
    }
    if (format.place != place && !readOnly) {
      FormatFile renewed = new FormatFile(VERSION, format.logId, id(random), id(random), place);
      renewed.write(disk);
      return renewed;
    }
    if (format.version != VERSION && !readOnly) {
      FormatFile newest =
          new FormatFile(VERSION, format.logId, format.storeId, format.writerId, place);
      newest.write(disk);
      return newest;
    }
    return format;
  }

  /** Refuses files that stand where a new store is to be. */
  static void requireFree(Collection<String> names, String where) {
    requireNotWithoutFormat(names, where);
    for (String name : names) {
      if (!StoreFiles.isOfNoStore(name)) {
        throw new StoreException(
            ErrorCode.UNKNOWN_FORMAT,
            "no database can be created"
                + where
                + ": it holds other files ("
                + name
                + "); name a new or empty directory");
      }
    }
  }

  /** Refuses segments, given that there is no {@code FORMAT} beside them. */
  static void requireNotWithoutFormat(Collection<String> names, String where) {
    if (names.stream().anyMatch(LogCopy::isSegment)) {
      throw new StoreException(
          ErrorCode.CORRUPT,
          "there are segments"
              + where
              + ", but no FORMAT: a backup or restore did not end there, and goes on when it is"
              + " called again; or the file is lost, and a repair from a backup puts it back");
    }
  }

  static @Nullable FormatFile read(Disk disk) throws IOException {
    if (!disk.exists(NAME)) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    try (DiskFile file = disk.open(NAME, false)) {
      if (file.size() < Long.BYTES + Integer.BYTES) {
        throw unknown(disk, "its FORMAT file is too short");
      }
      bytes.limit((int) Math.min(BYTES, file.size()));
      file.readFully(bytes, 0);
    }
    bytes.flip();
    if (bytes.getLong() != MAGIC) {
      throw unknown(disk, "its FORMAT file is not one");
    }
    int version = bytes.getInt();
    if (version < OLDEST_VERSION || version > VERSION) {
      throw unknown(disk, "it has format " + version + ", and this version reads 1 to " + VERSION);
    }
    if (bytes.limit() != BYTES || bytes.getInt(BYTES - Integer.BYTES) != crc(bytes)) {
      throw new StoreException(
          ErrorCode.CORRUPT,
          "the FORMAT file" + where(disk) + " is damaged; restore it from a backup");
    }
    return new FormatFile(version, id(bytes), id(bytes), id(bytes), bytes.getLong());
  }

  private static WriterId id(ByteBuffer bytes) {
    return new WriterId(bytes.getLong(), bytes.getLong());
  }

  /**
   * Returns what a copy starts with: new ids, and no place, so that it takes others where it is.
   */
  FormatFile ofCopy(RandomGenerator random) {
    return new FormatFile(version, logId, id(random), id(random), NO_PLACE);
  }

  void write(Disk disk) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).putLong(MAGIC).putInt(version);
    for (WriterId id : new WriterId[] {logId, storeId, writerId}) {
      bytes.putLong(id.high()).putLong(id.low());
    }
    bytes.putLong(place).putInt(crc(bytes)).flip();
    try (DiskFile file = disk.open(NEXT, true)) {
      file.truncate(0);
      file.write(bytes, 0);
      file.force();
    }
    disk.rename(NEXT, NAME);
    disk.forceDirectory();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(BYTES - Integer.BYTES));
    return (int) crc.getValue();
  }

  private static WriterId id(RandomGenerator random) {
    return new WriterId(random.nextLong(), random.nextLong());
  }

  private static long place(Disk disk) throws IOException {
    if (disk.path().isEmpty()) {
      return UNKNOWN_PLACE;
    }
    try {
      Object device = Files.getAttribute(disk.path().get(), "unix:dev");
      Object inode = Files.getAttribute(disk.path().get(), "unix:ino");
      return ((Number) device).longValue() * 31 + ((Number) inode).longValue();
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return UNKNOWN_PLACE; // a file system without inodes: a copy there keeps its ids
    }
  }

  private static StoreException unknown(Disk disk, String why) {
    return new StoreException(
        ErrorCode.UNKNOWN_FORMAT, "the directory" + where(disk) + " cannot be opened: " + why);
  }

  private static String where(Disk disk) {
    return disk.path().map(path -> " in " + path).orElse(" in memory");
  }
}
