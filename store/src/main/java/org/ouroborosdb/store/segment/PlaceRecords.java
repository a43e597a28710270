package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;

/**
 * What can be read of the segment in a place of a log, any byte of which may be wrong: where its
 * chunks are, and which sequence numbers its events have. For one thread.
 */
final class PlaceRecords {
  final RecordFile file;

  /** Where the records of chunks start. */
  final Longs chunks = new Longs();

  /** The sequence numbers of records in batches, ascending: of freed events the first of each. */
  final Longs seqs = new Longs();

  /** Where these records start. */
  final Longs offsets = new Longs();

  /** Records of unknown sequence number, by where they start. */
  final Longs loose = new Longs();

  /** How many records of known number are before each of those. */
  final Longs before = new Longs();

  /** Where bytes start that are no record, and where the next record does. */
  final Longs damage = new Longs();

  final Longs damageEnds = new Longs();

  /** Whether every byte is of a record, and every record in a batch that has its end. */
  boolean whole = true;

  // The records since the last commit, and how many numbers each stands for.
  private Longs pending = new Longs();
  private Longs counts = new Longs();
  private int contiguous = -1; // how many of them are before the first damage; below 0 for all
  private int behind; // the index of the first behind the last damage
  private long next; // the number of the first of them; 0 if that is unknown
  private long lastSeq;

  private PlaceRecords(RecordFile file) {
    this.file = file;
  }

  /** Reads a segment to its end. */
  static PlaceRecords read(RecordFile file, Cancellation cancellation) throws IOException {
    PlaceRecords records = new PlaceRecords(file);
    long at = Segment.HEADER_BYTES;
    while (at < file.size()) {
      cancellation.check();
      LogRecord record = file.record(at);
      if (record == null) {
        long found = file.nextValid(at);
        long end = found < 0 ? file.size() : found;
        records.damage(at, end);
        at = end;
      } else {
        records.take(record);
        at += RecordFormat.length(record.kind(), record.payload().remaining());
      }
    }
    records.whole &= records.pending.size() == 0 && file.size() >= Segment.HEADER_BYTES;
    for (int i = 0; i < records.pending.size(); i++) {
      records.loose.add(records.pending.get(i)); // what has no commit has no number
      records.before.add(records.seqs.size());
    }
    return records;
  }

  private void damage(long from, long to) {
    damage.add(from);
    damageEnds.add(to);
    whole = false;
    contiguous = contiguous < 0 ? pending.size() : contiguous;
    behind = pending.size();
  }

  private void take(LogRecord record) {
    switch (record.kind()) {
      case CHUNK, CHUNK_GROUP -> chunks.add(record.position().offset());
      case EVENT, TOMBSTONE, FREED -> {
        pending.add(record.position().offset());
        counts.add(count(record));
      }
      case COMMIT -> {
        long first = record.payload().getLong(0);
        number(first, first + record.payload().getInt(Long.BYTES));
      }
    }
  }

  /** Numbers the records since the last commit from it on, and back from the next. */
  private void number(long first, long end) {
    long[] found = new long[pending.size()];
    int stop = contiguous < 0 ? found.length : contiguous;
    long seq = next;
    for (int i = 0; i < stop && next > 0; i++) {
      found[i] = seq;
      seq += counts.get(i);
    }
    seq = end;
    for (int i = found.length - 1; i >= behind && seq > first; i--) {
      seq -= counts.get(i);
      found[i] = seq;
    }
    for (int i = 0; i < found.length; i++) {
      if (found[i] > lastSeq) {
        seqs.add(found[i]);
        offsets.add(pending.get(i));
        lastSeq = found[i] + counts.get(i) - 1;
      } else {
        loose.add(pending.get(i));
        before.add(seqs.size());
      }
    }
    pending = new Longs();
    counts = new Longs();
    contiguous = -1;
    behind = 0;
    next = end;
    lastSeq = Math.max(lastSeq, end - 1);
  }

  /** Hands over the records of chunks. */
  void eachChunk(Consumer<LogRecord> use) throws IOException {
    for (int i = 0; i < chunks.size(); i++) {
      LogRecord record = file.record(chunks.get(i));
      if (record != null) {
        use.accept(record);
      }
    }
  }

  /** Returns how many bytes are of no record. */
  long damagedBytes() {
    long sum = 0;
    for (int i = 0; i < damage.size(); i++) {
      sum += damageEnds.get(i) - damage.get(i);
    }
    return sum;
  }

  /** Returns whether there may be a member of a batch before the first of known number. */
  boolean isFirstHidden() {
    boolean looseStart = loose.size() > 0 && before.get(0) == 0;
    return looseStart || (damage.size() > 0 && damage.get(0) < offsets.get(0));
  }

  /** Returns whether the last bytes are of a record, and of no batch without its end. */
  boolean endsWhole() {
    int size = damage.size();
    boolean damagedEnd = size > 0 && damageEnds.get(size - 1) == file.size();
    return !damagedEnd && pending.size() == 0;
  }

  /** Returns the last sequence number that a record or a commit tells; 0 if none does. */
  long lastSeq() {
    return lastSeq;
  }

  /** Returns the record that has or covers a sequence number; null if none is known to. */
  @Nullable LogRecord at(long seq) throws IOException {
    int index = seqs.find(seq);
    int at = index < 0 ? -index - 2 : index;
    LogRecord record = at < 0 ? null : file.record(offsets.get(at));
    return record == null || seq >= seqs.get(at) + count(record) ? null : record;
  }

  /** Returns how many sequence numbers a record takes. */
  static long count(LogRecord record) {
    return record.kind() == RecordKind.FREED ? record.payload().getInt(Long.BYTES) : 1;
  }

  /** Returns whether two records say the same event or tombstone. */
  static boolean isSame(LogRecord one, LogRecord other) {
    ByteBuffer name = one.name();
    return one.kind() == other.kind() && name.hasRemaining() && name.equals(other.name());
  }
}
