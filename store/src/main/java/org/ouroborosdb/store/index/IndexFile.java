package org.ouroborosdb.store.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.segment.Position;

/**
 * The index's file and the note of its last checkpoint, which says how long the file was then.
 *
 * <p>Pages are only ever appended to the file, so cutting it to that length gives back the index as
 * it was at the checkpoint.
 */
public final class IndexFile {
  /** The file of the maps. */
  public static final String NAME = "index.mv";

  private static final String NEXT = "index.mv.next";
  private static final String CHECKPOINT = "CHECKPOINT";
  private static final String CHECKPOINT_NEXT = "CHECKPOINT.next";
  private static final long MAGIC = 0x4f55_524f_4350_3031L; // "OUROCP01"
  private static final int NOTE_BYTES = 5 * Long.BYTES + Integer.BYTES;
  private static final int AUTO_COMMIT_OFF = 0;
  private static final long COPY_CACHE_BYTES = 1 << 20;

  private final Disk disk;

  /** Uses the directory that holds, or will hold, the index. */
  public IndexFile(Disk disk) {
    this.disk = disk;
  }

  /**
   * Opens the index as of its last checkpoint; null if there is none that can be used.
   *
   * @param logEnd the end of the log if the index is for reading only: one that the log is ahead of
   *     cannot be used then, since it could not take the rest; null for reading and writing
   */
  public @Nullable EventIndex open(WriterId storeId, long cacheBytes, @Nullable Position logEnd)
      throws IOException {
    if (disk.path().isEmpty() || !disk.exists(NAME) || !disk.exists(CHECKPOINT)) {
      return null;
    }
    boolean readOnly = logEnd != null;
    ByteBuffer note = readNote();
    if (note == null || (logEnd != null && note.getLong(3 * Long.BYTES) != logEnd.toLong())) {
      return null;
    }
    long length = ChecksummedFile.storedLength(note.getLong(Long.BYTES));
    try (DiskFile file = disk.open(NAME, false)) {
      if (file.size() < length || (readOnly && file.size() > length)) {
        return null;
      }
      if (file.size() > length) {
        file.truncate(length);
      }
    }
    EventIndex index = null;
    try {
      index = openIndex(NAME, cacheBytes, readOnly);
      boolean usable =
          index.number("version") == IndexMaps.VERSION
              && index.number("lastSeq") == note.getLong(2 * Long.BYTES)
              && index.number("position") == note.getLong(3 * Long.BYTES)
              && index.number("storeHigh") == storeId.high()
              && index.number("storeLow") == storeId.low();
      if (usable) {
        return index;
      }
    } catch (RuntimeException e) {
      // A damaged index costs a rebuild, never an answer, whatever MVStore trips over in it.
    }
    if (index != null) {
      index.close();
    }
    return null;
  }

  /** Returns where the log ended at the last checkpoint; null if that is not known. */
  public @Nullable Position notedEnd() throws IOException {
    if (disk.path().isEmpty() || !disk.exists(CHECKPOINT)) {
      return null;
    }
    ByteBuffer note = readNote();
    return note == null ? null : Position.ofLong(note.getLong(3 * Long.BYTES));
  }

  /** Returns the bytes that its disk can still take. */
  public long usableBytes() throws IOException {
    return disk.usableBytes();
  }

  /** Starts an empty index in the place of any other. */
  public EventIndex create(long cacheBytes) throws IOException {
    disk.delete(CHECKPOINT);
    disk.delete(NAME);
    return openIndex(NAME, cacheBytes, false);
  }

  /** Starts an empty index beside the present one. */
  public EventIndex createNext(long cacheBytes) throws IOException {
    disk.delete(NEXT);
    return openIndex(NEXT, cacheBytes, false);
  }

  /**
   * Writes a compact copy of an index beside it, as its last checkpoint was; nothing may change it
   * meanwhile.
   *
   * @return the length of the copy in bytes
   */
  public long copyNext(EventIndex index) throws IOException {
    disk.delete(NEXT);
    MVStore target = openStore(NEXT, COPY_CACHE_BYTES, false);
    try {
      return new IndexCopy(index.maps(), target).write();
    } catch (MVStoreException e) {
      throw index.failed("copying the index", e);
    } finally {
      target.closeImmediately();
    }
  }

  /** Puts a copy made by {@link #copyNext} in the place of its origin, which stays readable. */
  public EventIndex replaceByCopy(long length, long lastSeq, Position end, long cacheBytes)
      throws IOException {
    disk.rename(NEXT, NAME); // a crash before the note costs a rebuild: the old length is too long
    note(length, lastSeq, end);
    return openIndex(NAME, cacheBytes, false);
  }

  /** Deletes a copy that was not finished. */
  public void deleteNext() throws IOException {
    disk.delete(NEXT);
  }

  /** Puts an index made by {@link #createNext} in the place of the present one, which is closed. */
  public EventIndex replace(
      EventIndex next, long length, long lastSeq, Position end, long cacheBytes)
      throws IOException {
    if (disk.path().isEmpty()) {
      return next;
    }
    next.close();
    disk.delete(CHECKPOINT); // a crash from here on costs a rebuild at the next open
    disk.forceDirectory();
    disk.rename(NEXT, NAME);
    note(length, lastSeq, end);
    return openIndex(NAME, cacheBytes, false);
  }

  private EventIndex openIndex(String name, long cacheBytes, boolean readOnly) throws IOException {
    MVStore store = openStore(name, cacheBytes, readOnly);
    try {
      return new EventIndex(store);
    } catch (MVStoreException e) {
      store.closeImmediately();
      throw IndexFailures.translate("opening the index", e);
    }
  }

  private MVStore openStore(String name, long cacheBytes, boolean readOnly) throws IOException {
    MVStore.Builder builder = new MVStore.Builder();
    DiskFileStore file = disk.path().isEmpty() ? null : new DiskFileStore(disk, name, readOnly);
    if (file != null) {
      builder.adoptFileStore(file);
    }
    MVStore store;
    try {
      store =
          builder
              .autoCommitDisabled()
              .autoCommitBufferSize(AUTO_COMMIT_OFF)
              .cacheSize((int) Math.max(1, cacheBytes >> 20))
              .open();
    } catch (MVStoreException e) {
      if (file != null) {
        file.close();
      }
      throw IndexFailures.translate("opening the index", e);
    }
    if (store.getFileStore() != null) {
      store.setReuseSpace(false);
      // Else pages that no version needs are dropped after 45 s, under a scan that still reads
      // them.
      store.setRetentionTime(Integer.MAX_VALUE);
    }
    store.setVersionsToKeep(0);
    return store;
  }

  /** Writes the note of a checkpoint, after the index was forced with {@code length} bytes. */
  public void note(long length, long lastSeq, Position end) throws IOException {
    if (disk.path().isEmpty()) {
      return;
    }
    ByteBuffer note = ByteBuffer.allocate(NOTE_BYTES);
    note.putLong(MAGIC).putLong(length).putLong(lastSeq).putLong(end.toLong()).putLong(0);
    note.putInt(crc(note)).flip();
    try (DiskFile file = disk.open(CHECKPOINT_NEXT, true)) {
      file.truncate(0);
      file.write(note, 0);
      file.force();
    }
    disk.rename(CHECKPOINT_NEXT, CHECKPOINT);
    disk.forceDirectory();
  }

  private @Nullable ByteBuffer readNote() throws IOException {
    ByteBuffer note = ByteBuffer.allocate(NOTE_BYTES);
    try (DiskFile file = disk.open(CHECKPOINT, false)) {
      if (file.size() != NOTE_BYTES) {
        return null;
      }
      file.readFully(note, 0);
    }
    note.position(NOTE_BYTES - Integer.BYTES);
    return note.getLong(0) == MAGIC && note.getInt(NOTE_BYTES - Integer.BYTES) == crc(note)
        ? note
        : null;
  }

  private static int crc(ByteBuffer note) {
    CRC32C crc = new CRC32C();
    crc.update(note.duplicate().flip());
    return (int) crc.getValue();
  }
}
