package org.ouroborosdb.store.segment;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Guard;

/**
 * Writes a sealed segment anew without the records that nobody needs. For one thread, once.
 *
 * <p>The new segment gets the next generation of the place's number, and its name only when it is
 * whole, forced, and read back. Until {@link #install} the log reads the old one; afterwards both
 * can be read, until the old one is deleted.
 */
public final class SegmentRewrite implements Closeable {
  static final String UNFINISHED = ".next";

  private final SegmentLog log;
  private final Segment old;
  private final int number;
  private @Nullable Segment made;
  private boolean named;
  private boolean installed;

  /** Says what is needed of a segment. */
  public interface Needed {
    /** Returns whether an event can still be read by anybody. */
    boolean event(LogRecord record, long seq);

    /** Returns the level of an event that is dropped. */
    long levelOf(LogRecord record);

    /** Returns what is needed of a record of chunks; null if nothing is. */
    @Nullable Chunks chunks(LogRecord record);
  }

  /**
   * Chunks to be written.
   *
   * @param table which
   * @param codec the codec of their stored form
   * @param stored their stored form
   */
  public record Chunks(GroupTable table, byte codec, ByteBuffer stored) {}

  /**
   * Prepares to rewrite the segment in a place, which must be sealed.
   *
   * @param minFreeBytes the space to be left on the disk
   */
  public SegmentRewrite(SegmentLog log, int place, long minFreeBytes) {
    this.log = log;
    Segment segment = log.segment(place);
    if (segment == null || place >= log.end().place()) {
      throw new IllegalArgumentException("no sealed segment is in place " + place);
    }
    this.old = segment;
    this.number = nextNumber();
    requireSpace(minFreeBytes);
  }

  private void requireSpace(long minFreeBytes) {
    try {
      long needed = old.file.size() + minFreeBytes;
      if (log.disk().usableBytes() < needed) {
        throw new StoreException(
            ErrorCode.DISK_FULL,
            "rewriting a segment takes up to " + needed + " bytes of free space; free some");
      }
    } catch (IOException e) {
      throw IoFailures.translate("asking for the free space", e);
    }
  }

  private int nextNumber() {
    try {
      int newest = old.number;
      for (int other : SegmentFiles.numbers(log.disk())) {
        newest = Position.placeOf(other) == old.place() ? Math.max(newest, other) : newest;
      }
      return Position.numberOf(old.place(), Position.generationOf(newest) + 1);
    } catch (IOException e) {
      throw IoFailures.translate("looking at the segments", e);
    }
  }

  /** Returns the number of the old segment, which its positions carry. */
  public int oldNumber() {
    return old.number;
  }

  /** Returns the length of the old segment. */
  public long oldBytes() {
    try {
      return old.file.size();
    } catch (IOException e) {
      throw IoFailures.translate("measuring a segment", e);
    }
  }

  /** Returns the length of the new segment; 0 before it is written. */
  public long newBytes() {
    try {
      return made == null ? 0 : made.file.size();
    } catch (IOException e) {
      throw IoFailures.translate("measuring a segment", e);
    }
  }

  /** Hands over the records of the old segment. */
  public void readOld(LogVisitor visitor, Cancellation cancellation) {
    read(old, visitor, cancellation);
  }

  /** Hands over the records of the new segment. */
  public void readNew(LogVisitor visitor, Cancellation cancellation) {
    if (made != null) {
      read(made, visitor, cancellation);
    }
  }

  private static void read(Segment segment, LogVisitor visitor, Cancellation cancellation) {
    try {
      long size = segment.file.size();
      SegmentScan scan = new SegmentScan(segment, Segment.HEADER_BYTES, size);
      long stop = scan.run(visitor, cancellation);
      if (stop < size || scan.committedEnd() < size) {
        throw segment.corrupt(
            Math.min(stop, scan.committedEnd()), "no valid record or commit starts there");
      }
    } catch (IOException e) {
      throw IoFailures.translate("reading segment " + segment.place(), e);
    }
  }

  /**
   * Writes what is needed under a name that no store knows, forces it, and reads it back.
   *
   * @param paced is told bytes before they are written, and may wait
   */
  public void write(Needed needed, LongConsumer paced, Cancellation cancellation) {
    try {
      String unfinished = Segment.name(number) + UNFINISHED;
      log.disk().delete(unfinished);
      made = new Segment(number, log.disk().open(unfinished, true));
      SegmentWriter writer = new SegmentWriter(made, needed, paced);
      writer.write(Segment.header(number, log.id()));
      readOld(writer, cancellation);
      writer.finish();
      if (Guard.COPY_FORCE.isOn()) {
        made.file.force();
      }
      if (!made.hasValidHeader(log.id())) {
        throw made.corrupt(0, "its header is not what was written");
      }
      readNew(new Nothing(), cancellation);
    } catch (IOException e) {
      throw IoFailures.translate("rewriting segment " + old.place(), e);
    }
  }

  /** Gives the new segment its name. From here on either of the two may be found after a crash. */
  public void name() {
    named = true;
    try {
      log.disk().rename(Segment.name(number) + UNFINISHED, Segment.name(number));
      log.disk().forceDirectory();
      if (made != null) {
        made = underItsName(made);
        log.files().addOther(made);
      }
    } catch (IOException e) {
      throw IoFailures.translate("naming a rewritten segment", e);
    }
  }

  /** Opens a segment by its new name: what an interrupt closes is opened again by that. */
  private Segment underItsName(Segment unfinished) throws IOException {
    try (unfinished.file) {
      return Segment.open(log.disk(), number);
    }
  }

  /** Returns whether the new segment may have its name. */
  public boolean isNamed() {
    return named;
  }

  /** Puts the new segment in the old one's place. */
  public void install() {
    if (made != null) {
      installed = true;
      log.files().replace(made);
    }
  }

  /** Deletes the new segment unless it is in its place. */
  @Override
  public void close() {
    if (installed || made == null) {
      return;
    }
    String name = Segment.name(number);
    try {
      if (!named) {
        made.file.close();
      }
      log.disk().delete(name + UNFINISHED);
      log.disk().delete(name);
    } catch (IOException e) {
      // What is left is deleted before the index is built anew, and at the next open.
      log.files().obsolete(name, 0);
      log.files().obsolete(name + UNFINISHED, 0);
    }
  }

  /** Takes records that are only checked. */
  private static final class Nothing implements LogVisitor {
    @Override
    public void chunk(LogRecord record) {}

    @Override
    public void committed(LogRecord record, long seq) {}
  }
}
