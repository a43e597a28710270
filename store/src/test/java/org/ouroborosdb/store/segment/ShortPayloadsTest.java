package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.segment.HandmadeLog.Seen;

/** Records whose payload cannot say what their kind does are damage, though their checksums fit. */
class ShortPayloadsTest {
  private static ByteBuffer event(int name) {
    return HandmadeLog.name(name);
  }

  /** A segment of an event, a FREED record and an event; then one more. */
  private static HandmadeLog whole() throws IOException {
    int rewritten = Position.numberOf(1, 1);
    HandmadeLog log = new HandmadeLog();
    log.disk.delete(Segment.name(1));
    log.segment(rewritten).record(RecordKind.EVENT, event(1), ByteBuffer.allocate(9)).commit(1, 1);
    log.record(RecordKind.FREED, HandmadeLog.NO_NAME, SegmentScan.freedPayload(2, 9));
    log.record(RecordKind.EVENT, event(4), ByteBuffer.allocate(9)).commit(2, 3);
    return log.segment(2).record(RecordKind.EVENT, event(5), ByteBuffer.allocate(9)).commit(5, 1);
  }

  private static final long COMMIT_AT = 32 + 84 + 9;
  private static final long FREED_AT = COMMIT_AT + 40;
  private static final long END = FREED_AT + 32 + 84 + 9 + 40;
  private static final int NUMBER = Position.numberOf(1, 1);

  /** Puts a record of another payload in the place of one, and zeros where that was longer. */
  private static HandmadeLog with(RecordKind kind, ByteBuffer payload) throws IOException {
    HandmadeLog log = whole();
    long at = kind == RecordKind.COMMIT ? COMMIT_AT : FREED_AT;
    int room = kind == RecordKind.COMMIT ? 40 : 32;
    ByteBuffer record = ByteBuffer.allocate(room);
    RecordFormat.write(
        record, NUMBER, kind, (byte) 0, payload.remaining(), HandmadeLog.NO_NAME, payload);
    try (DiskFile file = log.disk.open(Segment.name(NUMBER), false)) {
      file.write(record.rewind(), at);
    }
    return log;
  }

  private static void assertDamage(HandmadeLog log, long at) throws IOException {
    StoreException refused = assertThrows(StoreException.class, log::open);
    assertEquals(ErrorCode.CORRUPT, refused.code());
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.startsWith("segment 1 is damaged at offset " + at + ": no valid record"), said);
    try (RecordFile file = new RecordFile(log.disk, NUMBER)) {
      assertNull(file.record(at));
      PlaceRecords records = PlaceRecords.read(file, Cancellation.create());
      assertFalse(records.whole);
      assertEquals(at, records.damage.get(0));
      assertEquals(4, records.lastSeq(), "the last COMMIT says it");
    }
    byte[] sound = bytes(whole());
    LogRepair.Result result = repair(log, whole());
    assertEquals(List.of(), result.left());
    assertEquals(1, result.segments());
    assertEquals(ByteBuffer.wrap(sound), ByteBuffer.wrap(bytes(log)));
    scanned(log);
  }

  private static LogRepair.Result repair(HandmadeLog log, HandmadeLog copy) {
    return new LogRepair(
            log.disk,
            copy.disk,
            HandmadeLog.ID,
            null,
            0,
            RepairedLog.CONTENTS,
            () -> {},
            Cancellation.create(),
            ProgressListener.NONE)
        .run();
  }

  private static byte[] bytes(HandmadeLog log) throws IOException {
    try (RecordFile file = new RecordFile(log.disk, NUMBER)) {
      return file.bytes(0, (int) file.size()).array();
    }
  }

  private static void scanned(HandmadeLog log) {
    Seen seen = new Seen();
    log.open(seen).close();
    assertEquals(
        List.of("event 1 is 1", "2 freed from 2", "event 4 is 4", "event 5 is 5"), seen.lines);
  }

  @Test
  void the_whole_log_is_read() throws IOException {
    HandmadeLog log = whole();
    assertEquals(END, bytes(log).length);
    scanned(log);
    assertEquals(new LogRepair.Result(0, 0, 0, List.of()), repair(log, whole()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 11, 13, 19})
  void a_commit_that_has_no_number_and_count(int length) throws IOException {
    assertDamage(with(RecordKind.COMMIT, ByteBuffer.allocate(length)), COMMIT_AT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 11})
  void a_freed_record_that_has_no_level_and_count(int length) throws IOException {
    assertDamage(with(RecordKind.FREED, ByteBuffer.allocate(length)), FREED_AT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void a_freed_record_of_no_events(int count) throws IOException {
    assertDamage(with(RecordKind.FREED, SegmentScan.freedPayload(count, 9)), FREED_AT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 11})
  void in_a_copy_they_mend_nothing(int length) throws IOException {
    for (RecordKind kind : List.of(RecordKind.COMMIT, RecordKind.FREED)) {
      long at = kind == RecordKind.COMMIT ? COMMIT_AT : FREED_AT;
      HandmadeLog log = whole();
      log.damage(NUMBER, at + 25);
      HandmadeLog copy = with(kind, ByteBuffer.allocate(length));
      LogRepair.Result result = repair(log, copy);
      assertEquals(0, result.records());
      assertEquals(1, result.left().size(), () -> "" + result.left());
      assertTrue(
          result.left().get(0).startsWith("segment 1 at offset " + at + ": "),
          () -> "" + result.left());
    }
  }

  @Test
  void a_scan_of_an_open_log_tells_them_and_goes_on() throws IOException {
    HandmadeLog log = whole();
    List<String> damages = new ArrayList<>();
    Seen seen = new Seen();
    try (SegmentLog open = log.open()) {
      ByteBuffer record = ByteBuffer.allocate(40);
      RecordFormat.write(
          record,
          NUMBER,
          RecordKind.COMMIT,
          (byte) 0,
          8,
          HandmadeLog.NO_NAME,
          ByteBuffer.allocate(8));
      try (DiskFile file = log.disk.open(Segment.name(NUMBER), false)) {
        file.write(record.rewind(), COMMIT_AT);
      }
      open.scan(
          seen,
          (segment, from, to, what) -> damages.add(segment + ": " + from + " to " + to),
          Cancellation.create());
    }
    assertEquals(List.of("1: " + COMMIT_AT + " to " + FREED_AT), damages);
    assertEquals(
        List.of("event 1 is 0", "2 freed from 0", "event 4 is 0", "event 5 is 5"), seen.lines);
  }
}
