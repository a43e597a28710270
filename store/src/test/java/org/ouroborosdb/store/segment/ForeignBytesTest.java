package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StorageUse;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.segment.HandmadeLog.Seen;

/** Bytes in segments that no store wrote there are told from torn tails, and never obeyed. */
class ForeignBytesTest {
  private static final int HEADER = Segment.HEADER_BYTES;

  private static void assertCorrupt(String says, HandmadeLog log) {
    StoreException refused = assertThrows(StoreException.class, log::open, says);
    assertEquals(ErrorCode.CORRUPT, refused.code());
    assertTrue(String.valueOf(refused.getMessage()).contains(says), refused.getMessage());
  }

  private static void assertOpens(List<String> lines, HandmadeLog log) {
    Seen seen = new Seen();
    try (SegmentLog open = log.open(seen)) {
      assertEquals(lines, seen.lines);
      assertEquals(1, open.segmentCount());
    }
  }

  @Test
  void a_commit_of_another_length_or_count_is_none() throws IOException {
    assertOpens(List.of("event 1 is 1"), new HandmadeLog().event(1, 5).oldCommit(1, 1));
    assertOpens(List.of(), new HandmadeLog().event(1, 5).commit(1, 2));
    assertCorrupt(
        "no valid record",
        new HandmadeLog()
            .event(1, 5)
            .record(RecordKind.COMMIT, HandmadeLog.NO_NAME, ByteBuffer.allocate(13)));
    assertCorrupt(
        "no valid record", new HandmadeLog().event(1, 5).commit(1, 2).event(2, 5).oldCommit(1, 1));
  }

  @Test
  void a_record_that_stands_for_no_events_is_none() throws IOException {
    ByteBuffer two = SegmentScan.freedPayload(2, 9);
    assertOpens(
        List.of("2 freed from 1", "event 3 is 3"),
        new HandmadeLog()
            .record(RecordKind.FREED, HandmadeLog.NO_NAME, two)
            .event(3, 1)
            .commit(1, 3));
    for (ByteBuffer none :
        List.of(
            SegmentScan.freedPayload(0, 9),
            SegmentScan.freedPayload(-1, 9),
            ByteBuffer.allocate(9))) {
      assertOpens(
          List.of(),
          new HandmadeLog().record(RecordKind.FREED, HandmadeLog.NO_NAME, none).commit(1, 1));
    }
  }

  @Test
  void numbers_that_do_not_follow_one_another_are_damage() throws IOException {
    assertCorrupt("sequence number 7 follows 0", new HandmadeLog().event(1, 5).commit(7, 1));
    assertCorrupt(
        "sequence number 3 follows 1",
        new HandmadeLog()
            .event(1, 5)
            .commit(1, 1)
            .record(RecordKind.FREED, HandmadeLog.NO_NAME, SegmentScan.freedPayload(1, 1))
            .commit(3, 1));
  }

  @Test
  void a_bad_record_before_a_commit_that_saw_it_forced_is_damage_and_else_a_torn_tail()
      throws IOException {
    HandmadeLog forced = new HandmadeLog().event(1, 5);
    forced.commit(1, 1).event(2, 5).commit(2, 1);
    forced.damage(1, HEADER + 30);
    assertCorrupt("no valid record", forced);
    HandmadeLog unforced = new HandmadeLog().event(1, 5).commit(1, 1, 0).event(2, 5);
    unforced.commit(2, 1, 0).damage(1, HEADER + 30);
    assertOpens(List.of(), unforced);
    for (long nonsense : new long[] {-1, 1L << 60}) {
      HandmadeLog lying = new HandmadeLog().event(1, 5).commit(1, 1, nonsense);
      lying.damage(1, HEADER + 30);
      assertCorrupt("no valid record", lying);
    }
    HandmadeLog old = new HandmadeLog().event(1, 5).oldCommit(1, 1);
    old.damage(1, HEADER + 30);
    assertCorrupt("no valid record", old);
    HandmadeLog torn = new HandmadeLog().event(1, 5).bytes(ByteBuffer.allocate(3_000_000));
    torn.bytes(ByteBuffer.allocate(4).putInt(0, RecordFormat.MAGIC))
        .bytes(RecordKind.COMMIT.number());
    torn.bytes(new byte[40]);
    assertOpens(List.of(), torn);
  }

  @Test
  void only_the_last_segment_may_end_in_what_is_no_batch() throws IOException {
    assertCorrupt(
        "no valid record",
        new HandmadeLog().event(1, 5).commit(1, 1).bytes(new byte[9]).segment(2));
    assertCorrupt("lacks its end", new HandmadeLog().event(1, 5).segment(2));
    HandmadeLog gap = new HandmadeLog().event(1, 5).commit(1, 1);
    assertCorrupt("segment 2 is missing", gap.segment(3));
    HandmadeLog other = new HandmadeLog().event(1, 5).commit(1, 1);
    other.damage(1, 9);
    assertCorrupt("header", other);
  }

  @Test
  void what_an_index_knows_of_the_log_must_be_there() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 5).commit(1, 1);
    Position end = log.end();
    for (Position from : List.of(new Position(2, HEADER), new Position(3, HEADER))) {
      StoreException missing =
          assertThrows(
              StoreException.class,
              () -> SegmentLog.open(log.disk, HandmadeLog.options(), from, 1, new Seen()));
      assertEquals(ErrorCode.CORRUPT, missing.code());
      assertTrue(String.valueOf(missing.getMessage()).contains("is missing"));
    }
    log.disk.delete(Segment.name(1));
    StoreException none =
        assertThrows(
            StoreException.class,
            () -> SegmentLog.open(log.disk, HandmadeLog.options(), end, 1, new Seen()));
    assertTrue(String.valueOf(none.getMessage()).contains("the segments are missing"));
    HandmadeLog shorter = new HandmadeLog().event(1, 5).commit(1, 1);
    Position known = new Position(1, end.offset() + 1);
    StoreException lost =
        assertThrows(
            StoreException.class,
            () ->
                SegmentLog.open(
                    shorter.disk, HandmadeLog.options(known, null), null, 0, new Seen()));
    assertTrue(String.valueOf(lost.getMessage()).contains("the log once ended at"));
  }

  @Test
  void a_log_that_ends_before_its_checkpoint_is_read_and_takes_no_writes() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 5).commit(1, 1);
    Position checkpoint = log.event(2, 5).commit(2, 1).end();
    log.cut(1, checkpoint.offset() - 3);
    LogOptions noted = HandmadeLog.options(checkpoint, null);
    try (SegmentLog damaged = SegmentLog.open(log.disk, noted, checkpoint, 2, new Seen())) {
      assertTrue(damaged.isDamaged());
      assertEquals(checkpoint.offset() - 3, damaged.segmentBytes(1), "what there is of it");
      assertEquals(0, damaged.segmentBytes(9));
      StoreException refused =
          assertThrows(
              StoreException.class, () -> damaged.commit(new HandmadeLog.OneEvent(3, 1), false));
      assertEquals(ErrorCode.CORRUPT, refused.code());
      assertTrue(String.valueOf(refused.getMessage()).contains("since it is damaged"));
      damaged.resume(end -> {});
      assertTrue(damaged.isDamaged(), "no disk mends that");
    }
    Position elsewhere = new Position(1, checkpoint.offset() + 1);
    StoreException refused =
        assertThrows(
            StoreException.class,
            () ->
                SegmentLog.open(
                    log.disk, HandmadeLog.options(checkpoint, null), elsewhere, 2, new Seen()));
    assertTrue(String.valueOf(refused.getMessage()).contains("before the last checkpoint"));
  }

  @Test
  void of_the_files_of_one_place_the_one_that_the_index_stands_for_counts() throws IOException {
    int rewritten = Position.numberOf(1, 1);
    HandmadeLog log = new HandmadeLog().event(1, 5).event(2, 5).commit(1, 2);
    Position first = log.end();
    log.segment(rewritten)
        .record(RecordKind.FREED, HandmadeLog.NO_NAME, SegmentScan.freedPayload(1, 1))
        .event(2, 5)
        .commit(1, 2);
    Seen youngest = new Seen();
    log.open(youngest).close();
    assertEquals(List.of("1 freed from 1", "event 2 is 2"), youngest.lines);
    StoreException neither =
        assertThrows(
            StoreException.class,
            () ->
                SegmentLog.open(
                    log.disk, HandmadeLog.options(null, Map.of(1, 7)), first, 2, new Seen()));
    assertEquals(ErrorCode.CORRUPT, neither.code());
    LogOptions ofFirst = HandmadeLog.options(null, Map.of());
    try (SegmentLog old = SegmentLog.open(log.disk, ofFirst, first, 2, new Seen())) {
      assertEquals(1, old.segmentCount());
      assertFalse(log.disk.exists(Segment.name(rewritten)), "it never took its place");
    }
  }

  @Test
  void a_file_that_was_being_rewritten_is_deleted() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 5).commit(1, 1);
    log.disk.open(Segment.name(Position.numberOf(1, 1)) + ".next", true).close();
    try (SegmentLog open = log.open()) {
      ReplacedSegments replaced = new ReplacedSegments(open);
      assertEquals(0, replaced.count());
      replaced.deleteUnfinished();
      assertEquals(List.of(Segment.name(1)), log.disk.list());
    }
  }

  @Test
  void a_scan_goes_on_behind_damage_and_says_what_it_does_not_know() throws IOException {
    HandmadeLog log = new HandmadeLog();
    ByteBuffer decoy = ByteBuffer.allocate(40).putInt(8, RecordFormat.MAGIC);
    log.event(1, 5).commit(1, 1);
    long bad = log.end().offset();
    log.record(RecordKind.EVENT, HandmadeLog.name(2), decoy).event(3, 5);
    log.record(RecordKind.FREED, HandmadeLog.NO_NAME, SegmentScan.freedPayload(4, 1));
    log.commit(2, 6).chunk(9, 10);
    Position end = log.end();
    log.event(10, 5).commit(8, 1);
    try (SegmentLog open = log.open()) {
      log.damage(1, bad + 25);
      Seen seen = new Seen();
      List<String> damages = new ArrayList<>();
      open.scan(
          seen,
          (segment, from, to, what) -> damages.add(from + " to " + to + ": " + what),
          Cancellation.create());
      assertEquals(
          List.of("event 1 is 1", "event 3 is 0", "4 freed from 0", "chunk 9", "event 10 is 8"),
          seen.lines);
      assertEquals(1, damages.size(), damages::toString);
      assertTrue(damages.get(0).startsWith(bad + " to "), damages::toString);
      log.cut(1, end.offset());
      open.scan(
          new Seen(),
          (segment, from, to, what) -> damages.add(from + " to " + to + ": " + what),
          Cancellation.create());
      assertTrue(damages.get(damages.size() - 1).contains("it ends there"), damages::toString);
    }
  }

  @Test
  void a_cancelled_scan_ends() throws IOException {
    try (SegmentLog log = new HandmadeLog().event(1, 5).commit(1, 1).open()) {
      Cancellation cancelled = Cancellation.create();
      cancelled.cancel();
      StoreException stopped =
          assertThrows(
              StoreException.class,
              () -> log.scan(new Seen(), (segment, from, to, what) -> {}, cancelled));
      assertEquals(ErrorCode.CANCELLED, stopped.code());
    }
  }

  @Test
  void sizes_count_what_cannot_be_read_of_a_sealed_segment() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 500).commit(1, 1);
    long sealed = log.end().offset();
    log.segment(2).event(2, 30_000).commit(2, 1);
    long whole = log.end().offset();
    try (SegmentLog open = log.open()) {
      RecordSizes sizes = new RecordSizes(open);
      assertEquals(0, bytes("unreadable", sizes));
      log.damage(1, HEADER);
      assertEquals(0, bytes("unreadable", sizes), "sealed segments are counted once");
      assertEquals(sealed - HEADER, bytes("unreadable", new RecordSizes(open)));
      log.damage(1, HEADER);
      log.damage(1, HEADER + 13); // its length
      assertEquals(sealed - HEADER, bytes("unreadable", new RecordSizes(open)));
      log.cut(1, HEADER + 10);
      assertEquals(10, bytes("unreadable", new RecordSizes(open)));
      assertEquals(2L * HEADER, bytes("segment header", new RecordSizes(open)));
      List<StorageUse> dead =
          new RecordSizes(open).count(id -> true, Cancellation.create(), ProgressListener.NONE);
      StorageUse events =
          dead.stream().filter(use -> use.kind().equals("event")).findFirst().orElseThrow();
      assertEquals(1, events.records());
      assertEquals(events.bytes(), events.deadBytes());
      assertTrue(events.bytes() < whole);
    }
  }

  private static long bytes(String kind, RecordSizes sizes) {
    return sizes.count(null, Cancellation.create(), ProgressListener.NONE).stream()
        .filter(use -> use.kind().equals(kind))
        .mapToLong(StorageUse::bytes)
        .sum();
  }

  @Test
  void bytes_are_a_record_only_whole_at_their_place_and_with_their_checksum() {
    ByteBuffer record = ByteBuffer.allocate(100);
    RecordFormat.write(
        record,
        1,
        RecordKind.CHUNK_GROUP,
        (byte) 0,
        9,
        HandmadeLog.NO_NAME,
        ByteBuffer.allocate(9));
    record.flip();
    Position at = new Position(1, 50);
    assertNotNull(RecordFormat.read(record.duplicate(), at));
    assertNull(RecordFormat.read(record.duplicate(), new Position(2, 50)), "of another segment");
    assertNull(RecordFormat.read(record.duplicate().limit(19), at));
    assertNull(RecordFormat.read(record.duplicate().limit(record.limit() - 1), at));
    record.put(25, (byte) 1);
    assertNull(RecordFormat.read(record.duplicate(), at));
    for (int field : new int[] {8, 12}) {
      ByteBuffer lying = ByteBuffer.allocate(20).put(record.duplicate().limit(20)).flip();
      assertEquals(29, RecordFormat.announcedLength(lying));
      assertEquals(-1, RecordFormat.announcedLength(lying.duplicate().putInt(field, -1)));
      lying.putInt(field, Integer.MAX_VALUE);
      assertEquals(-1, RecordFormat.announcedLength(lying));
    }
    ByteBuffer unknown = ByteBuffer.allocate(20).put(record.duplicate().limit(20)).flip();
    assertEquals(-1, RecordFormat.announcedLength(unknown.duplicate().put(4, (byte) 5)));
    assertEquals(-1, RecordFormat.announcedLength(unknown.put(6, (byte) 2)), "another hash");
  }

  @Test
  void only_some_names_are_those_of_segments() {
    assertTrue(LogCopy.isSegment("segment-00000001.log"));
    assertTrue(LogCopy.isSegment("segment-00000001-511.log"));
    assertTrue(LogCopy.isSegment("segment-00000001-2.log.next"));
    for (String other :
        List.of(
            "segment-99999999.log",
            "segment-00000001-512.log",
            "segment-00000001-0.log",
            "segment-1.log",
            "other.next",
            "FORMAT")) {
      assertFalse(LogCopy.isSegment(other), other);
    }
  }
}
