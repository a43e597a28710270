package org.ouroborosdb.store.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.SetDigest;

/**
 * The file {@code REPLICAS} of a store: a cursor for each store it took changes from. Replaced
 * whole by a rename; one that is lost or damaged costs a comparison, and no change. Thread-safe.
 */
final class ReplicaList {
  static final String NAME = "REPLICAS";
  static final String NEXT = "REPLICAS.next";
  private static final long MAGIC = 0x4f55_524f_5250_3031L; // "OUROPR01"

  /** The least recently asked are forgotten. */
  private static final int MOST = 256;

  private static final int MOST_NAME_BYTES = 4096;
  private static final int FIXED_BYTES = 13 * Long.BYTES + 1 + Short.BYTES;

  private final Disk disk;

  ReplicaList(Disk disk) {
    this.disk = disk;
  }

  /** Returns all cursors, the last asked first. */
  List<Cursor> all() {
    synchronized (disk) {
      try {
        return disk.exists(NAME) ? read() : List.of();
      } catch (IOException e) {
        throw failed("reading", e);
      }
    }
  }

  @Nullable Cursor find(WriterId storeId) {
    return all().stream().filter(c -> c.storeId().equals(storeId)).findFirst().orElse(null);
  }

  /** Keeps a cursor in the place of that store's last one. */
  void put(Cursor cursor) {
    synchronized (disk) {
      List<Cursor> cursors = new ArrayList<>(all());
      cursors.removeIf(other -> other.storeId().equals(cursor.storeId()));
      cursors.add(0, cursor);
      try {
        write(cursors.subList(0, Math.min(MOST, cursors.size())));
      } catch (IOException e) {
        throw failed("writing", e);
      }
    }
  }

  private List<Cursor> read() throws IOException {
    ByteBuffer bytes;
    try (DiskFile file = disk.open(NAME, false)) {
      long most = Long.BYTES + 2L * Integer.BYTES + (long) MOST * (FIXED_BYTES + MOST_NAME_BYTES);
      bytes = ByteBuffer.allocate((int) Math.min(file.size(), most));
      file.readFully(bytes, 0);
    }
    bytes.flip();
    int body = bytes.remaining() - Integer.BYTES;
    if (body < Long.BYTES + Integer.BYTES
        || bytes.getInt(body) != crc(bytes, body)
        || bytes.getLong() != MAGIC) {
      return List.of();
    }
    List<Cursor> cursors = new ArrayList<>();
    for (int i = bytes.getInt(); i > 0; i--) {
      cursors.add(cursor(bytes));
    }
    cursors.sort(Comparator.comparingLong(Cursor::millis).reversed());
    return cursors;
  }

  private static Cursor cursor(ByteBuffer bytes) {
    WriterId id = new WriterId(bytes.getLong(), bytes.getLong());
    long seq = bytes.getLong();
    boolean removal = bytes.get() != 0;
    Changed last = new Changed(seq, removal, bytes.getLong(), bytes.getLong());
    Cursor.Taken taken = new Cursor.Taken(seq == 0 ? null : last, digest(bytes), digest(bytes));
    long lastSeq = bytes.getLong();
    long millis = bytes.getLong();
    byte[] name = new byte[Short.toUnsignedInt(bytes.getShort())];
    bytes.get(name);
    return new Cursor(id, new String(name, StandardCharsets.UTF_8), taken, lastSeq, millis);
  }

  private static SetDigest digest(ByteBuffer bytes) {
    return new SetDigest(bytes.getLong(), bytes.getLong(), bytes.getLong());
  }

  private static void put(SetDigest digest, ByteBuffer bytes) {
    bytes.putLong(digest.count()).putLong(digest.high()).putLong(digest.low());
  }

  private void write(List<Cursor> cursors) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(
            Long.BYTES + 2 * Integer.BYTES + cursors.size() * (FIXED_BYTES + MOST_NAME_BYTES));
    bytes.putLong(MAGIC).putInt(cursors.size());
    for (Cursor cursor : cursors) {
      Changed last = cursor.taken().last();
      last = last == null ? new Changed(0, false, 0, 0) : last;
      bytes.putLong(cursor.storeId().high()).putLong(cursor.storeId().low());
      bytes.putLong(last.seq()).put((byte) (last.removal() ? 1 : 0));
      bytes.putLong(last.high()).putLong(last.low());
      put(cursor.taken().events(), bytes);
      put(cursor.taken().tombstones(), bytes);
      bytes.putLong(cursor.lastSeq()).putLong(cursor.millis());
      byte[] name = name(cursor.name());
      bytes.putShort((short) name.length).put(name);
    }
    int body = bytes.position();
    bytes.putInt(crc(bytes, body)).flip();
    try (DiskFile file = disk.open(NEXT, true)) {
      file.truncate(0);
      file.write(bytes, 0);
      file.force();
    }
    disk.rename(NEXT, NAME);
    disk.forceDirectory();
  }

  private static byte[] name(String name) {
    int most = MOST_NAME_BYTES / 4; // a character takes at most four bytes
    return (name.length() > most ? name.substring(0, most) : name).getBytes(StandardCharsets.UTF_8);
  }

  private static int crc(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(length));
    return (int) crc.getValue();
  }

  private static StoreException failed(String doing, IOException e) {
    return new StoreException(
        ErrorCode.IO_FAILED, doing + " the list of replicas failed: " + e.getMessage(), e);
  }
}
