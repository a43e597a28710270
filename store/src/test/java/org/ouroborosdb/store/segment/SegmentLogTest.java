package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.SegmentInfo;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.segment.HandmadeLog.OneEvent;
import org.ouroborosdb.store.segment.HandmadeLog.Seen;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** The log itself: what it takes, when it takes nothing, and how it goes on. */
class SegmentLogTest {
  private static final String ERROR = "Input/output error";

  private static void assertFails(ErrorCode code, String says, Executable call) {
    StoreException refused = assertThrows(StoreException.class, call);
    assertEquals(code, refused.code());
    assertTrue(String.valueOf(refused.getMessage()).contains(says), refused.getMessage());
  }

  @Test
  void records_longer_than_its_buffer_are_written_and_read_like_any_other() throws IOException {
    HandmadeLog made = new HandmadeLog();
    int bytes = 2_500_000;
    try (SegmentLog log = made.open()) {
      assertEquals(1, log.commit(new OneEvent(1, 10), false));
      assertEquals(2, log.commit(new OneEvent(2, bytes), false));
      assertEquals(3, log.commit(new OneEvent(3, bytes), true));
      assertEquals(2, log.segmentCount(), "a full segment is left for the next");
      Position second = new Position(2, Segment.HEADER_BYTES);
      assertEquals(bytes, log.read(second, RecordKind.EVENT).payload().remaining());
      assertEquals(log.bytes(), log.segmentBytes(1) + log.segmentBytes(2));
    }
    Seen seen = new Seen();
    try (SegmentLog log = made.open(seen)) {
      assertEquals(List.of("event 1 is 1", "event 2 is 2", "event 3 is 3"), seen.lines);
      assertEquals(4, log.commit(new OneEvent(4, 10), false));
    }
  }

  @Test
  void it_reads_no_record_where_there_is_none() throws IOException {
    try (SegmentLog log = new HandmadeLog().open()) {
      Position chunk = HandmadeLog.append(log, 7, 5);
      assertEquals(5, log.read(chunk, RecordKind.CHUNK).rawLength());
      assertFails(ErrorCode.CORRUPT, "checksum", () -> log.read(chunk, RecordKind.EVENT));
      Position inside = new Position(1, chunk.offset() + 1);
      assertFails(ErrorCode.CORRUPT, "starts there", () -> log.read(inside, RecordKind.CHUNK));
      Position behind = new Position(1, 1_000);
      assertFails(ErrorCode.CORRUPT, "starts there", () -> log.read(behind, RecordKind.CHUNK));
      Position nowhere = new Position(5, 40);
      assertFails(ErrorCode.CORRUPT, "is missing", () -> log.read(nowhere, RecordKind.CHUNK));
      assertEquals(0, log.segmentBytes(5));
      Position older = new Position(Position.numberOf(1, 3), 40);
      assertFails(ErrorCode.CORRUPT, "is missing", () -> log.read(older, RecordKind.CHUNK));
    }
  }

  @Test
  void sealing_starts_a_segment_and_an_empty_one_is_not_sealed() throws IOException {
    try (SegmentLog log = new HandmadeLog().open()) {
      log.seal();
      assertEquals(1, log.segmentCount());
      log.commit(new OneEvent(1, 10), false);
      log.seal();
      log.seal();
      assertEquals(2, log.segmentCount());
      assertEquals(List.of(true, false), log.infos().stream().map(SegmentInfo::sealed).toList());
    }
  }

  @Test
  void a_closed_log_takes_nothing_and_closes_once() throws IOException {
    SegmentLog log = new HandmadeLog().open();
    log.commit(new OneEvent(1, 10), false);
    log.close();
    log.close();
    OneEvent late = new OneEvent(2, 10);
    assertFails(ErrorCode.CLOSED, "is closed", () -> log.commit(late, false));
    assertFalse(late.published);
  }

  @Test
  void a_failed_force_fails_its_batch_and_those_after_until_the_disk_takes_them()
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    HandmadeLog made = new HandmadeLog(disk);
    try (SegmentLog log = made.open()) {
      log.commit(new OneEvent(1, 10), false);
      disk.faults().failChanges(1, 5, ERROR); // the write succeeds, the force does not
      OneEvent lost = new OneEvent(2, 10);
      assertFails(ErrorCode.IO_FAILED, "forcing", () -> log.commit(lost, false));
      assertFalse(lost.published);
      assertFails(
          ErrorCode.IO_FAILED, "until its disk does", () -> log.commit(new OneEvent(3, 10), false));
      assertFails(ErrorCode.IO_FAILED, "forcing", log::settle);
      assertFails(ErrorCode.IO_FAILED, "after a failure", () -> log.resume(end -> {}));
      List<String> scanned = scan(log);
      assertEquals(List.of("event 1 is 1"), scanned, "nobody was told of the second");
      disk.faults().end();
      List<Position> forgotten = new ArrayList<>();
      log.resume(forgotten::add);
      assertEquals(List.of(log.end()), forgotten);
      assertEquals(1, log.resumes());
      assertNull(log.broken());
      assertEquals(2, log.commit(new OneEvent(4, 10), false));
      assertEquals(List.of("event 1 is 1", "event 4 is 2"), scan(log));
    }
  }

  private static List<String> scan(SegmentLog log) {
    Seen seen = new Seen();
    log.scan(
        seen,
        (segment, from, to, what) -> seen.lines.add("damage: " + what),
        Cancellation.create());
    return seen.lines;
  }

  @Test
  void a_broken_log_that_is_closed_does_not_resume() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    SegmentLog log = new HandmadeLog(disk).open();
    disk.faults().failChanges(1, 1, ERROR);
    assertFails(ErrorCode.IO_FAILED, "forcing", () -> log.commit(new OneEvent(1, 10), false));
    log.close();
    disk.faults().end();
    log.resume(end -> {});
    assertEquals(0, log.resumes());
  }

  @Test
  void a_failed_write_takes_its_batch_back_and_the_next_one_stands_in_its_place()
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    HandmadeLog made = new HandmadeLog(disk);
    try (SegmentLog log = made.open()) {
      disk.faults().failChanges(0, 1, "No space left on device");
      OneEvent failed = new OneEvent(1, 10);
      assertFails(ErrorCode.DISK_FULL, "free some space", () -> log.commit(failed, false));
      assertTrue(failed.failed);
      assertEquals(1, log.commit(new OneEvent(2, 10), false));
      disk.faults().failChanges(0, 2, ERROR); // nor can it be taken back
      assertFails(
          ErrorCode.IO_FAILED,
          "writing a transaction",
          () -> log.commit(new OneEvent(3, 10), false));
      assertFails(ErrorCode.IO_FAILED, "taking back", () -> log.commit(new OneEvent(4, 10), false));
      log.resume(end -> {});
      assertEquals(2, log.commit(new OneEvent(5, 10), false));
    }
    Seen seen = new Seen();
    made.open(seen).close();
    assertEquals(List.of("event 2 is 1", "event 5 is 2"), seen.lines);
  }

  @Test
  void a_segment_that_cannot_be_started_is_tried_again() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentLog log = new HandmadeLog(disk).open()) {
      log.commit(new OneEvent(1, 10), false);
      disk.faults().failChanges(1, 1, ERROR);
      assertFails(ErrorCode.IO_FAILED, "sealing", log::seal);
      assertEquals(2, log.commit(new OneEvent(2, 10), false));
      assertEquals(2, log.segmentCount(), "the next write starts it");
      assertEquals(List.of("event 1 is 1", "event 2 is 2"), scan(log));
    }
  }

  @Test
  void without_a_force_asked_for_a_commit_is_published_at_once() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    new HandmadeLog(disk);
    LogOptions options = new LogOptions(HandmadeLog.ID, 1 << 20, Durability.NONE, 0, null, null);
    try (SegmentLog log = SegmentLog.open(disk, options, null, 0, new Seen())) {
      disk.faults().failChanges(1, 1, ERROR); // a force would meet it
      OneEvent event = new OneEvent(1, 10);
      log.commit(event, false);
      assertTrue(event.published);
      log.publishPending();
      disk.faults().end();
    }
  }

  @Test
  void a_disk_with_too_little_room_takes_nothing() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    new HandmadeLog(disk);
    LogOptions options =
        new LogOptions(HandmadeLog.ID, 1 << 20, Durability.COMMIT, Long.MAX_VALUE / 2, null, null);
    try (SegmentLog log = SegmentLog.open(disk, options, null, 0, new Seen())) {
      assertFails(
          ErrorCode.DISK_FULL, "minFreeBytes", () -> log.commit(new OneEvent(1, 10), false));
    }
  }

  @Test
  void failures_of_a_disk_are_told_apart() {
    for (String full : List.of("No space left on device", "Not enough space", "Quota exceeded")) {
      StoreException said = IoFailures.translate("writing", new IOException(full));
      assertEquals(ErrorCode.DISK_FULL, said.code());
      assertTrue(String.valueOf(said.getMessage()).contains("writing failed"));
    }
    assertEquals(
        ErrorCode.IO_FAILED, IoFailures.translate("writing", new IOException(ERROR)).code());
    assertEquals(ErrorCode.IO_FAILED, IoFailures.translate("writing", new IOException()).code());
    assertEquals(
        ErrorCode.CLOSED, IoFailures.translate("writing", new ClosedChannelException()).code());
  }

  /** A file of which nothing is left but that it cannot be closed. */
  private record Unclosable(String name) implements DiskFile {
    @Override
    public int read(ByteBuffer target, long position) {
      return -1;
    }

    @Override
    public void write(ByteBuffer source, long position) {}

    @Override
    public void force() {}

    @Override
    public long size() {
      return 0;
    }

    @Override
    public void truncate(long length) {}

    @Override
    public void close() throws IOException {
      throw new IOException(name);
    }
  }

  @Test
  void every_segment_is_closed_whatever_happens_to_the_others() throws IOException {
    DiskFile sound = new MemoryDisk().open("sound", true);
    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                Segment.closeAll(
                    List.of(
                        new Segment(1, new Unclosable("first")),
                        new Segment(2, sound),
                        new Segment(3, new Unclosable("second")))));
    assertEquals("first", failure.getMessage());
    assertEquals("second", failure.getSuppressed()[0].getMessage());
    Segment.closeAll(List.of(new Segment(2, sound)));
  }

  @Test
  void a_file_that_ends_too_early_says_where() throws IOException {
    DiskFile file = new MemoryDisk().open("short", true);
    file.write(ByteBuffer.allocate(5), 0);
    assertEquals(-1, file.read(ByteBuffer.allocate(1), 5));
    IOException ended =
        assertThrows(IOException.class, () -> file.readFully(ByteBuffer.allocate(6), 0));
    assertTrue(String.valueOf(ended.getMessage()).contains("ends at 5"));
  }
}
