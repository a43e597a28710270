package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.segment.HandmadeLog.Seen;

/** Copies of a log, record by record: what they take, what they refuse, and what they mend. */
class CopiedLogTest {
  private static final int HEADER = Segment.HEADER_BYTES;

  /** Records made by hand say no more than their names. */
  static final RecordContents NAMES =
      new RecordContents() {
        @Override
        public Event event(LogRecord record) {
          EventId id = EventId.read(record.name().duplicate());
          return new Event(
              id,
              EventType.NORMAL,
              HandmadeLog.ID,
              1,
              null,
              List.of(),
              false,
              null,
              false,
              null,
              null,
              List.of(),
              null,
              null);
        }

        @Override
        public SegmentRewrite.@Nullable Chunks chunks(LogRecord record, Predicate<ChunkId> wanted) {
          return null;
        }
      };

  private static HandmadeLog twoSegments() throws IOException {
    return new HandmadeLog()
        .event(1, 50)
        .commit(1, 1)
        .event(2, 50)
        .commit(2, 1)
        .segment(2)
        .event(3, 50)
        .commit(3, 1)
        .event(4, 50)
        .commit(4, 1);
  }

  private static LogRepair.Result repair(Disk log, Disk copy, @Nullable Position known) {
    return new LogRepair(
            log,
            copy,
            HandmadeLog.ID,
            known,
            0,
            NAMES,
            () -> {},
            Cancellation.create(),
            ProgressListener.NONE)
        .run();
  }

  private static byte[] bytes(Disk disk, int segment) throws IOException {
    try (DiskFile file = disk.open(Segment.name(segment), false)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.readFully(bytes, 0);
      return bytes.array();
    }
  }

  private static void assertSame(HandmadeLog one, HandmadeLog two) throws IOException {
    assertEquals(one.disk.list(), two.disk.list());
    for (int segment = 1; segment <= 2; segment++) {
      assertEquals(
          ByteBuffer.wrap(bytes(one.disk, segment)), ByteBuffer.wrap(bytes(two.disk, segment)));
    }
  }

  @Test
  void whatever_record_is_damaged_comes_back() throws IOException {
    HandmadeLog copy = twoSegments();
    int first = bytes(copy.disk, 1).length;
    int second = bytes(copy.disk, 2).length;
    for (int at = 0; at < first + second; at += 7) {
      HandmadeLog log = twoSegments();
      log.damage(at < first ? 1 : 2, at < first ? at : at - first);
      LogRepair.Result result = repair(log.disk, copy.disk, copy.end());
      assertEquals(1, result.segments(), "byte " + at);
      assertEquals(at % first < HEADER ? 0 : 1, result.records(), "byte " + at);
      assertEquals(List.of(), result.left());
      assertSame(copy, log);
    }
  }

  @Test
  void lost_and_shortened_segments_come_back() throws IOException {
    HandmadeLog copy = twoSegments();
    for (int lost = 1; lost <= 2; lost++) {
      HandmadeLog log = twoSegments();
      log.disk.delete(Segment.name(lost));
      assertEquals(4, repair(log.disk, copy.disk, null).records());
      assertSame(copy, log);
      log.cut(lost, HEADER + 3);
      assertEquals(4, repair(log.disk, copy.disk, null).records());
      assertSame(copy, log);
    }
    HandmadeLog all = twoSegments();
    all.disk.delete(Segment.name(1));
    all.disk.delete(Segment.name(2));
    assertEquals(8, repair(all.disk, copy.disk, copy.end()).records());
    assertSame(copy, all);
    LogRepair.Result sound = repair(all.disk, copy.disk, copy.end());
    assertEquals(new LogRepair.Result(0, 0, 0, List.of()), sound);
  }

  @Test
  void a_rewritten_segment_is_mended_from_the_same_rewriting() throws IOException {
    HandmadeLog log = rewritten().segment(3);
    HandmadeLog copy = rewritten().segment(3);
    int number = Position.numberOf(2, 1);
    log.damage(number, HEADER + 30);
    LogRepair.Result result = repair(log.disk, copy.disk, null);
    assertEquals(1, result.records());
    assertEquals(List.of(), result.left());
    assertEquals(
        ByteBuffer.wrap(bytes(copy.disk, number)), ByteBuffer.wrap(bytes(log.disk, number)));
  }

  private static HandmadeLog rewritten() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 50).commit(1, 1);
    return log.segment(Position.numberOf(2, 1)).event(2, 50).commit(2, 1).event(3, 9).commit(3, 1);
  }

  private static LogCopy.Result copy(HandmadeLog from, Disk to, Position end) throws IOException {
    return new LogCopy(
            from.disk,
            to,
            LogCopy.segments(from.disk),
            end,
            NAMES,
            Cancellation.create(),
            ProgressListener.NONE)
        .run();
  }

  private static void assertConflict(HandmadeLog from, Disk to, Position end, String why) {
    StoreException refused = assertThrows(StoreException.class, () -> copy(from, to, end));
    assertEquals(ErrorCode.CONFLICT, refused.code());
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }

  @Test
  void a_copy_grows_with_its_log_and_copies_what_is_new() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 50).commit(1, 1);
    MemoryDisk to = new MemoryDisk();
    assertEquals(1, copy(log, to, log.end()).segments());
    assertEquals(0, copy(log, to, log.end()).segments(), "nothing is new");
    log.event(2, 50).commit(2, 1);
    assertEquals(1, copy(log, to, log.end()).segments());
    log.segment(2).event(3, 50).commit(3, 1);
    assertEquals(1, copy(log, to, log.end()).segments());
    Seen seen = new Seen();
    SegmentLog.open(to, HandmadeLog.options(), null, 0, seen).close();
    assertEquals(List.of("event 1 is 1", "event 2 is 2", "event 3 is 3"), seen.lines);
  }

  @Test
  void a_directory_with_another_log_or_a_longer_one_is_refused() throws IOException {
    HandmadeLog log = twoSegments();
    MemoryDisk to = new MemoryDisk();
    copy(log, to, log.end());
    HandmadeLog shorter = new HandmadeLog().event(1, 50).commit(1, 1);
    assertConflict(shorter, to, shorter.end(), "behind this one's end");
    HandmadeLog other = twoSegments();
    other.damage(2, HEADER + 30);
    assertConflict(other, to, other.end(), "is another from");
    HandmadeLog longer = twoSegments();
    try (DiskFile file = to.open(Segment.name(1), false)) {
      file.truncate(file.size() - 5);
    }
    assertConflict(longer, to, longer.end(), "bytes, not");
    try (DiskFile file = to.open(Segment.name(1), false)) {
      file.write(ByteBuffer.allocate(9), file.size());
    }
    assertConflict(longer, to, longer.end(), "bytes, not");
  }

  @Test
  void a_copy_that_freed_space_by_itself_is_no_earlier_copy() throws IOException {
    HandmadeLog log = rewritten();
    MemoryDisk to = new MemoryDisk();
    copy(log, to, log.end());
    HandmadeLog unwritten =
        new HandmadeLog().event(1, 50).commit(1, 1).segment(2).event(2, 50).commit(2, 1);
    unwritten.event(3, 90).commit(3, 1).segment(3).event(4, 5).commit(4, 1);
    assertConflict(unwritten, to, unwritten.end(), "has freed space");
  }

  @Test
  void rewritten_segments_take_the_place_of_their_copies() throws IOException {
    HandmadeLog log = twoSegments();
    MemoryDisk to = new MemoryDisk();
    copy(log, to, log.end());
    Position end = log.end();
    log.segment(Position.numberOf(1, 1))
        .record(RecordKind.FREED, HandmadeLog.NO_NAME, SegmentScan.freedPayload(1, 1))
        .event(2, 50)
        .commit(1, 2);
    LogCopy again =
        new LogCopy(
            log.disk,
            to,
            LogCopy.segments(log.disk),
            end,
            NAMES,
            Cancellation.create(),
            ProgressListener.NONE);
    assertTrue(again.replaces());
    assertEquals(1, again.run().segments());
    assertFalse(again.replaces());
    assertEquals(List.of(Segment.name(Position.numberOf(1, 1)), Segment.name(2)), to.list());
    LogCopy first =
        new LogCopy(
            log.disk,
            to,
            LogCopy.segments(log.disk),
            new Position(Position.numberOf(1, 1), HEADER),
            NAMES,
            Cancellation.create(),
            ProgressListener.NONE);
    assertFalse(first.replaces(), "what is behind its end does not count");
  }

  @Test
  void what_is_damaged_or_no_whole_batch_is_not_copied() throws IOException {
    HandmadeLog damaged = twoSegments();
    damaged.damage(1, HEADER + 30);
    HandmadeLog unfinished = new HandmadeLog().event(1, 50).commit(1, 1).event(2, 50);
    for (HandmadeLog log : List.of(damaged, unfinished)) {
      MemoryDisk to = new MemoryDisk();
      StoreException refused = assertThrows(StoreException.class, () -> copy(log, to, log.end()));
      assertEquals(ErrorCode.CORRUPT, refused.code());
      assertFalse(to.exists(Segment.name(1)));
    }
  }
}
