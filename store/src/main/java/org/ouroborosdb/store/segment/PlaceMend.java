package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which records make the batches of a damaged segment whole: its own that can be read, and for the
 * sequence numbers that those lack, the records of the same numbers in another rewriting of it. For
 * one thread.
 */
final class PlaceMend {
  private static final int WINDOW_BYTES = 1 << 20;

  private final PlaceRecords own;
  private final PlaceRecords other;
  private final boolean last;
  private final long knownSeq;

  // What was chosen, and how many numbers each stands for: below 0 if it is the segment's own.
  private final Longs seqs = new Longs();

  private final Longs offsets = new Longs();
  private final Longs counts = new Longs();
  private long recordsTaken;
  private int nextLoose;
  private long lastHole;
  private boolean anyFreed; // of what was taken

  /** Takes the records of a segment; writes them in order. */
  interface Target {
    void record(LogRecord record, long seq) throws IOException;

    void freed(LogRecord record, long seq, long count) throws IOException;
  }

  /**
   * Prepares to mend a segment.
   *
   * @param last whether it is the last of its log, so that there may be less in it
   * @param knownSeq a sequence number that the log once had
   */
  PlaceMend(PlaceRecords own, PlaceRecords other, boolean last, long knownSeq) {
    this.knownSeq = knownSeq;
    this.own = own;
    this.other = other;
    this.last = last;
  }

  /** Returns the first sequence number that was chosen; 0 for none. */
  long firstSeq() {
    return seqs.size() == 0 ? 0 : seqs.get(0);
  }

  /** Returns the last sequence number that was chosen; 0 for none. */
  long lastSeq() {
    int size = seqs.size();
    return size == 0 ? 0 : seqs.get(size - 1) + Math.abs(counts.get(size - 1)) - 1;
  }

  /** Returns how many records were taken from the other log. */
  long recordsTaken() {
    return recordsTaken;
  }

  /**
   * Returns the sequence number behind which nothing is taken from the other log; 0 if none was.
   */
  long lastHole() {
    return lastHole;
  }

  /** Chooses the records; returns whether each number has one. */
  boolean choose() throws IOException {
    if (other.seqs.size() == 0) {
      return own.lastSeq() == 0 && own.loose.size() == 0 && other.lastSeq() == 0;
    }
    boolean enough = last && own.endsWhole() && own.lastSeq() >= knownSeq;
    long end = enough ? own.lastSeq() : Math.max(own.lastSeq(), other.lastSeq());
    long from = other.seqs.get(0);
    boolean before = own.seqs.size() > 0 && own.seqs.get(0) < from;
    if (before || (own.lastSeq() > 0 && own.lastSeq() < from)) {
      return false;
    }
    int index = 0;
    for (long seq = from; seq <= end; ) {
      boolean mine = index < own.seqs.size() && own.seqs.get(index) == seq;
      long hole = index < own.seqs.size() ? own.seqs.get(index) : end + 1;
      long count = mine ? take(index++, seq) : fill(seq, Math.min(hole, end + 1), index);
      if (count < 1) {
        return false;
      }
      seq += count;
    }
    return loose(index) == null && nextLoose == own.loose.size() && isContiguous();
  }

  private boolean isContiguous() {
    for (int i = 1; i < seqs.size(); i++) {
      if (seqs.get(i) != seqs.get(i - 1) + Math.abs(counts.get(i - 1))) {
        return false;
      }
    }
    return true;
  }

  private long take(int index, long seq) throws IOException {
    LogRecord record = own.file.record(own.offsets.get(index));
    long count = record == null ? 0 : PlaceRecords.count(record);
    choose(seq, own.offsets.get(index), -count);
    return count;
  }

  /** Takes what has a number that no readable record is known to have. */
  private long fill(long seq, long hole, int index) throws IOException {
    LogRecord theirs = other.at(seq);
    if (theirs == null) {
      return 0;
    }
    lastHole = seq;
    LogRecord loose = loose(index);
    boolean freed = theirs.kind() == RecordKind.FREED;
    if (loose != null && PlaceRecords.isSame(loose, theirs)) {
      nextLoose++;
      choose(seq, loose.position().offset(), -1);
      return 1;
    }
    if (loose != null && freed && !isAhead(loose, seq, hole)) {
      if (!isOnlyOrder(seq, hole, index)) {
        return 0;
      }
      choose(seq, own.loose.get(nextLoose++), -1);
      return 1;
    }
    long count = freed && loose == null ? Math.min(hole, endOf(theirs, seq)) - seq : 1;
    choose(seq, theirs.position().offset(), count);
    anyFreed |= freed;
    recordsTaken++;
    lastHole = seq + count - 1;
    return count;
  }

  private long endOf(LogRecord theirs, long seq) {
    int index = other.seqs.find(seq);
    return other.seqs.get(index < 0 ? -index - 2 : index) + PlaceRecords.count(theirs);
  }

  /** Returns the next record without a number that is in this hole; freed ones say nothing. */
  private @Nullable LogRecord loose(int index) throws IOException {
    while (nextLoose < own.loose.size() && own.before.get(nextLoose) == index) {
      LogRecord record = own.file.record(own.loose.get(nextLoose));
      if (record != null && isNamed(record)) {
        return record;
      }
      nextLoose++;
    }
    return null;
  }

  private boolean isAhead(LogRecord loose, long seq, long hole) throws IOException {
    for (long at = seq; at < hole; at++) {
      LogRecord theirs = other.at(at);
      if (theirs != null && PlaceRecords.isSame(loose, theirs)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether the records without a number in this hole that the other log has freed are as
   * many as the numbers that it has freed: then they have these, in their order.
   */
  private boolean isOnlyOrder(long seq, long hole, int index) throws IOException {
    Set<ByteBuffer> named = new HashSet<>();
    long freed = 0;
    for (long at = seq; at < hole; at++) {
      LogRecord theirs = other.at(at);
      freed += theirs != null && !isNamed(theirs) ? 1 : 0;
      if (theirs != null) {
        named.add(theirs.name());
      }
    }
    for (int i = nextLoose; i < own.loose.size() && own.before.get(i) == index; i++) {
      LogRecord record = own.file.record(own.loose.get(i));
      if (record == null || !isNamed(record)) {
        return false; // it stands for some number, or for more
      }
      freed -= named.contains(record.name()) ? 0 : 1;
    }
    return freed == 0;
  }

  private void choose(long seq, long offset, long count) {
    seqs.add(seq);
    offsets.add(offset);
    counts.add(count);
  }

  /**
   * Returns whether the other log shares the history of what was lost. The next event of both says
   * so, for by its salt no two histories have the same one; 0 if there is none in this segment.
   */
  int sameBehind() throws IOException {
    return same(own, other, lastHole);
  }

  /** Returns whether the last event before what was taken is the same in both, if both have one. */
  int sameAhead() throws IOException {
    return sameLast(own, other, lastHole);
  }

  /** Returns whether two segments have the same event behind a number: 1, -1 if not, 0 if none. */
  static int same(PlaceRecords own, PlaceRecords other, long behind) throws IOException {
    int same = 0;
    for (int i = 0; same == 0 && i < own.seqs.size(); i++) {
      same = own.seqs.get(i) > behind ? sameAt(own, other, i) : 0;
    }
    return same;
  }

  /** Returns whether the last event that both segments have before a number is the same. */
  static int sameLast(PlaceRecords own, PlaceRecords other, long before) throws IOException {
    int same = 0;
    for (int i = own.seqs.size() - 1; same == 0 && i >= 0; i--) {
      same = own.seqs.get(i) < before ? sameAt(own, other, i) : 0;
    }
    return same;
  }

  private static int sameAt(PlaceRecords own, PlaceRecords other, int index) throws IOException {
    LogRecord theirs = other.at(own.seqs.get(index));
    LogRecord ours = own.file.record(own.offsets.get(index));
    if (theirs == null || ours == null || !isNamed(ours) || !isNamed(theirs)) {
      return 0;
    }
    return PlaceRecords.isSame(ours, theirs) ? 1 : -1;
  }

  private static boolean isNamed(LogRecord record) {
    return record.name().hasRemaining();
  }

  /**
   * Returns whether what is left of the damaged bytes is of records that were taken: 1 if a name of
   * one stands in it, 0 if nothing is left, -1 if it is anything else.
   */
  int isAlike() throws IOException {
    Set<Long> names = new HashSet<>();
    for (int i = 0; i < seqs.size(); i++) {
      LogRecord theirs = counts.get(i) < 0 ? null : other.file.record(offsets.get(i));
      if (theirs != null && isNamed(theirs)) {
        names.add(theirs.name().getLong(theirs.name().position()));
      }
    }
    boolean anyLeft = false;
    for (int i = 0; i < own.damage.size(); i++) {
      int left = left(own.damage.get(i), own.damageEnds.get(i), names);
      if (left > 0) {
        return 1;
      }
      anyLeft |= left < 0;
    }
    return anyLeft ? -1 : 0;
  }

  private int left(long from, long to, Set<Long> names) throws IOException {
    if (to == own.file.size() && own.file.isCutAt(from)) {
      return leftOfCut(from, to, names);
    }
    boolean anyLeft = false;
    for (long at = from; at < to; at += WINDOW_BYTES - Long.BYTES + 1) {
      ByteBuffer bytes = own.file.bytes(at, (int) Math.min(WINDOW_BYTES, to - at));
      for (int b = 0; b + Long.BYTES <= bytes.limit(); b++) {
        long eight = bytes.getLong(b);
        anyLeft |= eight != 0;
        if (eight != 0 && names.contains(eight)) {
          return 1;
        }
      }
    }
    return anyLeft ? -1 : 0;
  }

  /** A name may be left of a record that was cut off; the other log may have freed its event. */
  private int leftOfCut(long from, long to, Set<Long> names) throws IOException {
    int needed = RecordFormat.HEADER_BYTES + Long.BYTES;
    ByteBuffer start = own.file.bytes(from, (int) Math.min(needed, to - from));
    RecordKind kind = start.limit() < needed ? null : RecordKind.ofNumber(start.get(4));
    if (kind != RecordKind.EVENT && kind != RecordKind.TOMBSTONE) {
      return 0;
    }
    if (names.contains(start.getLong(RecordFormat.HEADER_BYTES))) {
      return 1;
    }
    return anyFreed ? 0 : -1;
  }

  /** Hands over what was chosen. */
  void write(Target target) throws IOException {
    for (int i = 0; i < seqs.size(); i++) {
      long count = counts.get(i);
      LogRecord record = (count < 0 ? own : other).file.record(offsets.get(i));
      if (record == null) {
        throw new IOException("a segment changed while it was read");
      }
      if (record.kind() == RecordKind.FREED) {
        target.freed(record, seqs.get(i), Math.abs(count));
      } else {
        target.record(record, seqs.get(i));
      }
    }
  }
}
