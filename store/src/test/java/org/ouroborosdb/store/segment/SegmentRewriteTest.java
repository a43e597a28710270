package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.segment.HandmadeLog.Seen;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** A sealed segment written anew holds what is needed of it, and takes its place or goes. */
class SegmentRewriteTest {
  /** Needs events whose name is odd, and chunks whose name is. */
  private static final SegmentRewrite.Needed ODD =
      new SegmentRewrite.Needed() {
        @Override
        public boolean event(LogRecord record, long seq) {
          return isOdd(record);
        }

        @Override
        public long levelOf(LogRecord record) {
          return 5;
        }

        @Override
        public SegmentRewrite.@Nullable Chunks chunks(LogRecord record) {
          return isOdd(record)
              ? new SegmentRewrite.Chunks(GroupTable.of(record), record.codec(), record.payload())
              : null;
        }

        private boolean isOdd(LogRecord record) {
          return record.name().getInt(0) % 2 == 1;
        }
      };

  private static HandmadeLog made(Disk disk) throws IOException {
    return new HandmadeLog(disk)
        .event(2, 10)
        .event(4, 10)
        .commit(1, 2)
        .event(1, 1_500_000)
        .commit(3, 1)
        .chunk(7, 100)
        .chunk(8, 100)
        .event(6, 10)
        .event(3, 10)
        .record(RecordKind.TOMBSTONE, HandmadeLog.name(2), HandmadeLog.NO_NAME)
        .event(8, 10)
        .commit(4, 4)
        .event(10, 10)
        .commit(8, 1)
        .segment(2)
        .event(11, 10)
        .commit(9, 1);
  }

  private static void write(SegmentRewrite rewrite) {
    rewrite.write(ODD, bytes -> {}, Cancellation.create());
  }

  @Test
  void what_is_not_needed_leaves_its_numbers_behind() throws IOException {
    HandmadeLog made = made(new org.ouroborosdb.store.disk.MemoryDisk());
    try (SegmentLog log = made.open();
        SegmentRewrite rewrite = new SegmentRewrite(log, 1, 0)) {
      assertEquals(0, rewrite.newBytes());
      rewrite.readNew(new Seen(), Cancellation.create());
      write(rewrite);
      assertTrue(rewrite.newBytes() < rewrite.oldBytes());
      assertEquals(1, rewrite.oldNumber());
      assertFalse(rewrite.isNamed());
      rewrite.name();
      assertTrue(rewrite.isNamed());
      Position event = new Position(Position.numberOf(1, 1), Segment.HEADER_BYTES);
      assertThrows(StoreException.class, () -> log.read(event, RecordKind.EVENT), "a FREED");
      assertEquals(1, log.read(event, RecordKind.FREED).position().place(), "both are readable");
      rewrite.install();
      ReplacedSegments replaced = new ReplacedSegments(log);
      assertEquals(1, replaced.count());
      assertTrue(replaced.anySinceOpen());
      assertEquals(
          2, log.read(new Position(1, Segment.HEADER_BYTES), RecordKind.EVENT).name().getInt(0));
      replaced.delete();
      assertEquals(0, replaced.count());
    }
    Seen seen = new Seen();
    made.open(seen).close();
    assertEquals(
        List.of(
            "2 freed from 1",
            "event 1 is 3",
            "chunk 7",
            "1 freed from 4",
            "event 3 is 5",
            "tombstone 2 is 6",
            "1 freed from 7",
            "1 freed from 8",
            "event 11 is 9"),
        seen.lines);
  }

  @Test
  void a_rewriting_that_is_given_up_leaves_nothing() throws IOException {
    HandmadeLog made = made(new org.ouroborosdb.store.disk.MemoryDisk());
    List<String> files = made.disk.list();
    try (SegmentLog log = made.open()) {
      new SegmentRewrite(log, 1, 0).close();
      try (SegmentRewrite rewrite = new SegmentRewrite(log, 1, 0)) {
        write(rewrite);
      }
      assertEquals(files, made.disk.list());
      try (SegmentRewrite rewrite = new SegmentRewrite(log, 1, 0)) {
        write(rewrite);
        rewrite.name();
      }
      assertEquals(files, made.disk.list());
      Cancellation cancelled = Cancellation.create();
      cancelled.cancel();
      try (SegmentRewrite rewrite = new SegmentRewrite(log, 1, 0)) {
        assertThrows(StoreException.class, () -> rewrite.write(ODD, bytes -> {}, cancelled));
      }
      assertEquals(files, made.disk.list());
    }
  }

  @Test
  void only_sealed_segments_are_rewritten_and_only_with_room() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentLog log = made(disk).open()) {
      for (int place : new int[] {0, 2, 3}) {
        assertThrows(IllegalArgumentException.class, () -> new SegmentRewrite(log, place, 0));
      }
      StoreException full =
          assertThrows(StoreException.class, () -> new SegmentRewrite(log, 1, Long.MAX_VALUE / 2));
      assertEquals(ErrorCode.DISK_FULL, full.code());
    }
  }

  @Test
  void a_damaged_segment_is_not_rewritten() throws IOException {
    HandmadeLog made = made(new org.ouroborosdb.store.disk.MemoryDisk());
    try (SegmentLog log = made.open()) {
      made.damage(1, Segment.HEADER_BYTES + 30);
      try (SegmentRewrite rewrite = new SegmentRewrite(log, 1, 0)) {
        StoreException damaged = assertThrows(StoreException.class, () -> write(rewrite));
        assertEquals(ErrorCode.CORRUPT, damaged.code());
      }
    }
    HandmadeLog unfinished = new HandmadeLog().event(1, 5).commit(1, 1);
    long whole = unfinished.end().offset();
    unfinished.segment(2).event(2, 5).commit(2, 1);
    try (SegmentLog log = unfinished.open();
        SegmentRewrite rewrite = new SegmentRewrite(log, 1, 0)) {
      unfinished.cut(1, whole - 32 - RecordFormat.HEADER_BYTES + 12);
      assertThrows(StoreException.class, () -> write(rewrite));
    }
  }

  @Test
  void a_disk_that_fails_in_the_middle_leaves_the_old_segment_and_the_rest_for_later()
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentLog log = made(disk).open()) {
      for (int call = 0; call < 6; call++) {
        SegmentRewrite rewrite = new SegmentRewrite(log, 1, 0);
        disk.faults().failChanges(call, 100, "Input/output error");
        StoreException failed =
            assertThrows(
                StoreException.class,
                () -> {
                  write(rewrite);
                  rewrite.name();
                });
        assertEquals(ErrorCode.IO_FAILED, failed.code(), "call " + call);
        rewrite.close();
        disk.faults().end();
        new ReplacedSegments(log).deleteUnfinished();
        assertEquals(List.of(Segment.name(1), Segment.name(2)), disk.list(), "call " + call);
        Position first = new Position(1, Segment.HEADER_BYTES);
        assertEquals(2, log.read(first, RecordKind.EVENT).name().getInt(0));
      }
    }
  }
}
