package org.ouroborosdb.store.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
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
  /** The files of the maps; each new one gets the next number, and the first has none. */
  private static final Pattern NAMES = Pattern.compile("index(?:-([0-9]{1,18}))?\\.mv(\\.next)?");

  private static final String CHECKPOINT = "CHECKPOINT";
  private static final String CHECKPOINT_NEXT = "CHECKPOINT.next";
  private static final long MAGIC = 0x4f55_524f_4350_3031L; // "OUROCP01"

  /** The length of the note. */
  static final int NOTE_BYTES = 5 * Long.BYTES + Integer.BYTES;

  private static final int AUTO_COMMIT_OFF = 0;
  private static final long MIB = 1 << 20;
  private static final long COPY_CACHE_BYTES = MIB;
  private static final int LEAST_UNSAVED = 4 << 20;

  /** A half of the cache keeps rows, the rest pages. */
  private static final int ROW_SHARE = 2;

  private final Disk disk;
  private final @Nullable WriterId owner;
  private final int unsavedBytes;
  private long generation; // of the present file
  private long next; // of the file beside it

  /** Returns whether a file is of an index, or of its note, by its name. */
  public static boolean isOfIndex(String name) {
    return NAMES.matcher(name).matches() || name.equals(CHECKPOINT) || name.equals(CHECKPOINT_NEXT);
  }

  /** Uses the directory that holds, or will hold, the index. */
  public IndexFile(Disk disk) {
    this(disk, null, LEAST_UNSAVED);
  }

  /**
   * Uses a directory that may hold the index of another store.
   *
   * @param owner the store whose index is looked for; null if there can be no other's
   * @param unsavedBytes how many bytes of changed pages may wait in memory for a checkpoint; it is
   *     4 MiB and twice the cache in any case
   */
  public IndexFile(Disk disk, @Nullable WriterId owner, int unsavedBytes) {
    this.disk = disk;
    this.owner = owner;
    this.unsavedBytes = Math.max(LEAST_UNSAVED, unsavedBytes);
  }

  /**
   * Opens the index as of its last checkpoint; null if there is none that can be used.
   *
   * @throws StoreException {@link ErrorCode#UNKNOWN_FORMAT} if it is that of another log, and was
   *     looked for where that may be
   */
  public @Nullable EventIndex open(WriterId storeId, long cacheBytes) throws IOException {
    ByteBuffer note = disk.path().isEmpty() || !disk.exists(CHECKPOINT) ? null : readNote();
    if (note == null) {
      return null;
    }
    generation = note.getLong(4 * Long.BYTES);
    if (!disk.exists(name(generation))) {
      return null;
    }
    long length = ChecksummedFile.storedLength(note.getLong(Long.BYTES));
    try (DiskFile file = disk.open(name(generation), false)) {
      if (file.size() < length) {
        return null;
      }
      if (file.size() > length) {
        file.truncate(length);
      }
    }
    EventIndex index = null;
    try {
      index = openIndex(name(generation), cacheBytes);
      boolean usable =
          index.number("version") == IndexMaps.VERSION
              && index.number("lastSeq") == note.getLong(2 * Long.BYTES)
              && index.number("position") == note.getLong(3 * Long.BYTES);
      boolean own =
          index.number("storeHigh") == storeId.high() && index.number("storeLow") == storeId.low();
      if (usable && !own && owner != null) {
        index.close();
        throw ofAnother();
      }
      if (usable && own && index.isOf(owner)) {
        index.serve();
        return index;
      }
    } catch (StoreException e) {
      if (e.code() == ErrorCode.UNKNOWN_FORMAT) {
        throw e;
      }
    } catch (RuntimeException e) {
      // A damaged index costs a rebuild, never an answer, whatever MVStore trips over in it.
    }
    if (index != null) {
      index.close();
    }
    return null;
  }

  private StoreException ofAnother() {
    return new StoreException(
        ErrorCode.UNKNOWN_FORMAT,
        "the index directory"
            + disk.path().map(path -> " " + path).orElse("")
            + " holds the index of another database; give each its own, or empty it");
  }

  /**
   * What the log was at the last checkpoint.
   *
   * @param end its end
   * @param lastSeq its last sequence number
   */
  public record Noted(Position end, long lastSeq) {}

  /** Returns what the log was at the last checkpoint; null if that is not known. */
  public @Nullable Noted noted() throws IOException {
    ByteBuffer note = disk.path().isEmpty() || !disk.exists(CHECKPOINT) ? null : readNote();
    return note == null
        ? null
        : new Noted(Position.ofLong(note.getLong(3 * Long.BYTES)), note.getLong(2 * Long.BYTES));
  }

  /** Returns whether there is a directory that keeps it. */
  public boolean isPersistent() {
    return disk.path().isPresent();
  }

  /** Returns the bytes that its disk can still take. */
  public long usableBytes() throws IOException {
    return disk.usableBytes();
  }

  /** Makes the next open find no index. */
  public void forget() throws IOException {
    disk.delete(CHECKPOINT);
    disk.forceDirectory();
  }

  /** Starts an empty index in the place of any other, whose file stays where it is. */
  public EventIndex create(long cacheBytes) throws IOException {
    disk.delete(CHECKPOINT);
    generation = newest() + 1;
    EventIndex index = openIndex(name(generation), cacheBytes);
    index.serve();
    return index;
  }

  /** Starts an empty index beside the present one. */
  public EventIndex createNext(long cacheBytes) throws IOException {
    next = newest() + 1;
    return openIndex(name(next), cacheBytes);
  }

  /** Writes a compact copy; see {@link #copyNext(EventIndex, Cancellation, ProgressListener)}. */
  public long copyNext(EventIndex index) throws IOException {
    return copyNext(index, Cancellation.create(), ProgressListener.NONE);
  }

  /**
   * Writes a compact copy of an index beside it, as its last checkpoint was; nothing may change it
   * meanwhile.
   *
   * @param cancellation stops the call
   * @param progress is told entries copied, of all
   * @return the length of the copy in bytes
   */
  public long copyNext(EventIndex index, Cancellation cancellation, ProgressListener progress)
      throws IOException {
    next = newest() + 1;
    MVStore target = openStore(name(next), COPY_CACHE_BYTES);
    try {
      index.ids().settle(() -> {});
      return new IndexCopy(index.maps(), target, cancellation, progress).write();
    } catch (MVStoreException e) {
      throw index.failed("copying the index", e);
    } finally {
      target.closeImmediately();
    }
  }

  /** Puts a copy made by {@link #copyNext} in the place of its origin, which stays readable. */
  public EventIndex replaceByCopy(long length, long lastSeq, Position end, long cacheBytes)
      throws IOException {
    noteNext(length, lastSeq, end);
    EventIndex copy = openIndex(name(generation), cacheBytes);
    copy.serve();
    return copy;
  }

  /** Deletes what was started beside the present index and not finished. */
  public void deleteNext() throws IOException {
    disk.delete(name(next));
  }

  /** Puts an index made by {@link #createNext} in the place of the present one. */
  public void replace(long length, long lastSeq, Position end) throws IOException {
    noteNext(length, lastSeq, end);
  }

  /** Returns whether there are files of other indexes than the present one. */
  public boolean hasUnused() throws IOException {
    return !unused().isEmpty();
  }

  /** Deletes the files of other indexes than the present one, which nobody may have open. */
  public void deleteUnused() throws IOException {
    for (String name : unused()) {
      disk.delete(name);
    }
  }

  private List<String> unused() throws IOException {
    return disk.list().stream()
        .filter(name -> NAMES.matcher(name).matches() && !name.equals(name(generation)))
        .toList();
  }

  private static String name(long generation) {
    return generation == 0 ? "index.mv" : "index-" + generation + ".mv";
  }

  /** Returns the greatest number of a file there is; -1 if there is none. */
  private long newest() throws IOException {
    long newest = -1;
    for (String name : disk.list()) {
      Matcher matcher = NAMES.matcher(name);
      if (matcher.matches() && matcher.group(2) == null) {
        String number = matcher.group(1);
        newest = Math.max(newest, number == null ? 0 : Long.parseLong(number));
      }
    }
    return newest;
  }

  private EventIndex openIndex(String name, long cacheBytes) throws IOException {
    long rowBytes = cacheBytes / ROW_SHARE;
    MVStore store = openStore(name, cacheBytes - rowBytes);
    try {
      return new EventIndex(store, rowBytes, Math.max(unsavedBytes, 2 * cacheBytes), owner);
    } catch (MVStoreException e) {
      store.closeImmediately();
      throw IndexFailures.translate("opening the index", e);
    }
  }

  private MVStore openStore(String name, long cacheBytes) throws IOException {
    MVStore.Builder builder = new MVStore.Builder();
    int cacheMegabytes = (int) Math.max(1, (cacheBytes + MIB - 1) >> 20);
    DiskFileStore file =
        disk.path().isEmpty() ? null : new DiskFileStore(disk, name, cacheMegabytes);
    if (file != null) {
      builder.adoptFileStore(file);
    }
    MVStore store;
    try {
      store = builder.autoCommitDisabled().autoCommitBufferSize(AUTO_COMMIT_OFF).open();
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
    note(length, lastSeq, end, generation);
  }

  /** Switches to the file beside the present one, in one step. */
  private void noteNext(long length, long lastSeq, Position end) throws IOException {
    disk.forceDirectory();
    note(length, lastSeq, end, next);
    generation = next;
  }

  private void note(long length, long lastSeq, Position end, long fileNumber) throws IOException {
    if (disk.path().isEmpty()) {
      return;
    }
    ByteBuffer note = ByteBuffer.allocate(NOTE_BYTES);
    note.putLong(MAGIC).putLong(length).putLong(lastSeq).putLong(end.toLong());
    note.putLong(fileNumber);
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
