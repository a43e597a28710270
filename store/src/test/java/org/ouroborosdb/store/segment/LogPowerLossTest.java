package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.segment.HandmadeLog.OneEvent;
import org.ouroborosdb.store.segment.HandmadeLog.Seen;
import org.ouroborosdb.store.simulated.Loss;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** After each step of a log that says it is durable the power goes, and what was said is there. */
class LogPowerLossTest {
  private static final int SEEDS = 12;
  private static final String ERROR = "Input/output error";
  private static final String FIRST = Segment.name(1);

  /** Does something with a disk, which nothing that was not forced outlasts for certain. */
  private interface Step {
    void on(SimulatedDisk disk) throws IOException;
  }

  /** Looks at what is left. */
  private interface Left {
    void of(SimulatedDisk disk) throws IOException;
  }

  private static void losePowerAfter(Step step, Left left) throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedDisk disk = new SimulatedDisk();
      step.on(disk);
      left.of(disk.restarted(Loss.SUBSET, new Random(seed)));
    }
  }

  private static void force(SimulatedDisk disk) {
    disk.names().forEach(name -> disk.put(name, disk.get(name)));
  }

  private static List<String> read(SimulatedDisk disk) {
    Seen seen = new Seen();
    SegmentLog.open(disk, HandmadeLog.options(), null, 0, seen).close();
    return seen.lines;
  }

  private static SegmentLog open(SimulatedDisk disk, Durability durability, int segmentBytes) {
    return HandmadeLog.open(disk, durability, segmentBytes, 0);
  }

  @Test
  void settling_keeps_chunks_and_batches_that_asked_for_no_force() throws IOException {
    losePowerAfter(
        disk -> {
          SegmentLog log = open(disk, Durability.NONE, 1 << 20);
          HandmadeLog.append(log, 7, 3_000);
          log.commit(new OneEvent(1, 2_000), false);
          HandmadeLog.append(log, 8, 900);
          assertEquals(new SegmentLog.Checkpointable(log.end(), 1), log.settle());
        },
        disk -> assertEquals(List.of("chunk 7", "event 1 is 1", "chunk 8"), read(disk)));
  }

  @Test
  void a_segment_that_is_full_is_kept_when_the_next_one_starts() throws IOException {
    losePowerAfter(
        disk -> {
          SegmentLog log = open(disk, Durability.COMMIT, 10_000);
          Position first = HandmadeLog.append(log, 7, 6_000);
          Position second = HandmadeLog.append(log, 8, 6_000);
          assertEquals(new Position(1, 32), first);
          assertEquals(new Position(2, 32), second);
          assertEquals(6_000, log.read(first, RecordKind.CHUNK).rawLength());
          log.commit(new OneEvent(1, 10), false);
        },
        disk -> assertEquals(List.of("chunk 7", "chunk 8", "event 1 is 1"), read(disk)));
  }

  @Test
  void resuming_writes_anew_what_was_published_and_cuts_off_what_failed() throws IOException {
    losePowerAfter(
        disk -> {
          SegmentLog log = open(disk, Durability.NONE, 1 << 20);
          log.commit(new OneEvent(1, 3_000), false);
          disk.faults().failChanges(0, 1, ERROR);
          assertThrows(StoreException.class, log::settle);
          append(disk);
          log.resume(end -> {});
          Position end = log.end();
          assertEquals(end.offset(), disk.get(FIRST).length);
          assertEquals(end.order(), forcedUpTo(log, 2));
        },
        disk -> assertTrue(read(disk).contains("event 1 is 1")));
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentLog log = open(disk, Durability.COMMIT, 1 << 20)) {
      log.commit(new OneEvent(1, 10), false);
      Position end = log.end();
      disk.faults().failChanges(1, 1, ERROR);
      assertThrows(StoreException.class, () -> log.commit(new OneEvent(2, 700), false));
      log.resume(from -> assertEquals(end, from));
      assertEquals(end, log.end());
      assertEquals(end.offset(), disk.get(FIRST).length);
      assertEquals(end.order(), forcedUpTo(log, 3));
    }
  }

  /** Returns up to where a COMMIT that is written now says that the log is forced. */
  private static long forcedUpTo(SegmentLog log, int name) {
    long end = log.end().offset();
    log.commit(new OneEvent(name, 10), false);
    Position commit = new Position(1, end + RecordFormat.HEADER_BYTES + 64 + 10);
    return log.read(commit, RecordKind.COMMIT).payload().getLong(12);
  }

  /** Puts bytes behind the log, as a write does that failed in the middle. */
  private static void append(SimulatedDisk disk) throws IOException {
    try (DiskFile file = disk.open(FIRST, false)) {
      file.write(ByteBuffer.allocate(77), file.size());
    }
  }

  @Test
  void what_a_killed_process_left_is_forced_before_it_is_shown() throws IOException {
    losePowerAfter(
        disk -> {
          new HandmadeLog(disk).event(1, 3_000).commit(1, 1, 0);
          assertEquals(List.of("event 1 is 1"), read(disk));
        },
        disk -> assertEquals(List.of("event 1 is 1"), read(disk)));
  }

  @Test
  void what_a_killed_process_could_not_force_is_written_anew_before_it_is_shown()
      throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedDisk disk = new SimulatedDisk();
      SegmentLog log = open(disk, Durability.COMMIT, 1 << 20);
      disk.faults().failChanges(1, 100, ERROR);
      assertThrows(StoreException.class, () -> log.commit(new OneEvent(1, 3_000), false));
      SimulatedDisk killed = disk.restarted(Loss.NONE, new Random(seed));
      assertEquals(List.of("event 1 is 1"), read(killed));
      SimulatedDisk lost = killed.restarted(Loss.SUBSET, new Random(seed));
      assertEquals(List.of("event 1 is 1"), read(lost));
    }
  }

  @Test
  void a_log_that_ends_as_it_was_noted_is_opened_without_a_write() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Position end;
    try (SegmentLog log = open(disk, Durability.COMMIT, 1 << 20)) {
      log.commit(new OneEvent(1, 10), false);
      end = log.end();
    }
    long changes = disk.faults().changes();
    Seen seen = new Seen();
    SegmentLog.open(disk, HandmadeLog.options(end, null), null, 0, seen).close();
    assertEquals(changes, disk.faults().changes());
    assertEquals(List.of("event 1 is 1"), seen.lines);
    read(disk);
    assertTrue(disk.faults().changes() > changes, "what no note tells of is forced");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 31, 32})
  void a_segment_that_was_being_created_is_dropped_for_good(int length) throws IOException {
    losePowerAfter(
        disk -> {
          HandmadeLog log = new HandmadeLog(disk).event(1, 50).commit(1, 1);
          disk.put(FIRST, disk.get(FIRST));
          disk.put(Segment.name(2), new byte[length]);
          SegmentLog open = log.open();
          assertEquals(1, open.segmentCount());
          assertEquals(log.end(), open.end());
        },
        disk -> assertEquals(List.of(FIRST), disk.list()));
  }

  @Test
  void a_last_segment_that_holds_something_or_that_an_index_knows_is_not_dropped()
      throws IOException {
    HandmadeLog empty = new HandmadeLog().event(1, 50).commit(1, 1).segment(2);
    try (SegmentLog log = empty.open()) {
      assertEquals(2, log.segmentCount());
    }
    HandmadeLog garbled = new HandmadeLog().event(1, 50).commit(1, 1);
    try (DiskFile file = garbled.disk.open(Segment.name(2), true)) {
      file.write(ByteBuffer.allocate(33), 0);
    }
    StoreException refused = assertThrows(StoreException.class, garbled::open);
    assertEquals(ErrorCode.CORRUPT, refused.code());
    assertTrue(
        String.valueOf(refused.getMessage())
            .startsWith("segment 2 is damaged at offset 0: its header is not one of this store"));
    garbled.cut(2, 32);
    Position checkpoint = new Position(2, 32);
    LogOptions noted = HandmadeLog.options(checkpoint, null);
    try (SegmentLog log = SegmentLog.open(garbled.disk, noted, checkpoint, 1, new Seen())) {
      assertTrue(log.isDamaged());
      assertEquals(2, log.segmentCount());
    }
    garbled.cut(2, 20);
    try (SegmentLog log = SegmentLog.open(garbled.disk, noted, checkpoint, 1, new Seen())) {
      assertTrue(log.isDamaged());
      assertEquals(checkpoint, log.end(), "where it once ended");
    }
  }

  @Test
  void a_rewriting_that_no_index_stands_for_is_gone_for_good() throws IOException {
    int rewritten = Position.numberOf(1, 1);
    losePowerAfter(
        disk -> {
          HandmadeLog log = new HandmadeLog(disk).event(1, 50).commit(1, 1);
          Position end = log.end();
          log.segment(rewritten).event(1, 50).commit(1, 1);
          force(disk);
          LogOptions first = HandmadeLog.options(end, Map.of());
          SegmentLog.open(disk, first, end, 1, new Seen());
        },
        disk -> assertFalse(disk.exists(Segment.name(rewritten))));
  }

  private static HandmadeLog twoSegments(SimulatedDisk disk) throws IOException {
    return new HandmadeLog(disk)
        .event(2, 1_000)
        .event(1, 1_000)
        .commit(1, 2)
        .segment(2)
        .event(3, 10)
        .commit(3, 1);
  }

  @Test
  void a_rewritten_segment_has_its_name_and_its_bytes_when_it_was_named() throws IOException {
    losePowerAfter(
        disk -> {
          SegmentLog log = twoSegments(disk).open();
          try (DiskFile stale = disk.open(Segment.name(Position.numberOf(1, 1)) + ".next", true)) {
            stale.write(ByteBuffer.allocate(9_000), 0);
          }
          SegmentRewrite rewrite = new SegmentRewrite(log, 1, 0);
          rewrite.write(new Without(2), bytes -> {}, Cancellation.create());
          rewrite.name();
          Seen seen = new Seen();
          rewrite.readNew(seen, Cancellation.create());
          assertEquals(List.of("1 freed from 1", "event 1 is 2"), seen.lines);
          assertEquals(32 + 32 + 1_084 + 40, rewrite.newBytes());
          assertEquals(32 + 2 * 1_084 + 40, rewrite.oldBytes());
        },
        disk -> {
          assertEquals(
              32 + 32 + 1_084 + 40, disk.get(Segment.name(Position.numberOf(1, 1))).length);
          assertEquals(List.of("1 freed from 1", "event 1 is 2", "event 3 is 3"), read(disk));
        });
  }

  /** Needs all but one event. */
  private record Without(int name) implements SegmentRewrite.Needed {
    @Override
    public boolean event(LogRecord record, long seq) {
      return record.name().getInt(0) != name;
    }

    @Override
    public long levelOf(LogRecord record) {
      return 5;
    }

    @Override
    public SegmentRewrite.@Nullable Chunks chunks(LogRecord record) {
      return null;
    }
  }

  @Test
  void a_copy_is_there_when_it_is_done() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 3_000).commit(1, 1);
    losePowerAfter(
        disk ->
            new LogCopy(
                    log.disk,
                    disk,
                    Map.of(),
                    log.end(),
                    CopiedLogTest.NAMES,
                    Cancellation.create(),
                    ProgressListener.NONE)
                .run(),
        disk -> assertEquals(List.of("event 1 is 1"), read(disk)));
    losePowerAfter(
        disk -> {
          new HandmadeLog(disk).event(1, 3_000).commit(1, 1);
          disk.forceDirectory();
          LogCopy.force(disk, 1);
        },
        disk -> assertEquals(log.end().offset(), disk.get(FIRST).length));
  }

  private static LogRepair repair(SimulatedDisk log, HandmadeLog copy, Runnable forget) {
    return new LogRepair(
        log,
        copy.disk,
        HandmadeLog.ID,
        null,
        0,
        RepairedLog.CONTENTS,
        forget::run,
        Cancellation.create(),
        ProgressListener.NONE);
  }

  @Test
  void what_is_mended_in_place_stays_mended() throws IOException {
    HandmadeLog copy = new HandmadeLog().event(1, 3_000).commit(1, 1).event(2, 20).commit(2, 1);
    losePowerAfter(
        disk -> {
          HandmadeLog log = new HandmadeLog(disk).event(1, 3_000).commit(1, 1).event(2, 20);
          log.commit(2, 1).damage(1, 200);
          disk.put(FIRST + ".next", new byte[9_000]);
          LogRepair.Result result = repair(disk, copy, () -> {}).run();
          assertEquals(new LogRepair.Result(1, 1, 3_084, List.of()), result);
        },
        disk -> {
          assertEquals(copy.end().offset(), disk.get(FIRST).length);
          assertEquals(List.of("event 1 is 1", "event 2 is 2"), read(disk));
        });
  }

  @Test
  void what_is_mended_from_another_rewriting_stays_mended() throws IOException {
    HandmadeLog copy = twoSegments(new SimulatedDisk());
    losePowerAfter(
        disk -> {
          int rewritten = Position.numberOf(1, 1);
          HandmadeLog log = twoSegments(disk);
          copyFirst(log, rewritten);
          log.damage(rewritten, 200);
          force(disk);
          disk.put(Segment.name(Position.numberOf(1, 2)) + ".next", new byte[9_000]);
          int[] forgotten = {0};
          LogRepair.Result result = repair(disk, copy, () -> forgotten[0]++).run();
          assertEquals(List.of(), result.left());
          assertEquals(1, result.segments());
          assertEquals(1, forgotten[0]);
          assertEquals(
              List.of(Segment.name(Position.numberOf(1, 2)), Segment.name(2)), disk.list());
        },
        disk -> assertEquals(List.of("event 2 is 1", "event 1 is 2", "event 3 is 3"), read(disk)));
  }

  /** Makes the first segment one that was rewritten and lost nothing. */
  private static void copyFirst(HandmadeLog log, int number) throws IOException {
    log.disk.delete(FIRST);
    log.segment(number).event(2, 1_000).event(1, 1_000).commit(1, 2);
  }

  @Test
  void a_log_in_memory_starts_with_one_empty_segment() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (SegmentLog log = SegmentLog.open(disk, HandmadeLog.options(), null, 0, new Seen())) {
      assertEquals(new Position(1, Segment.HEADER_BYTES), log.end());
    }
    assertEquals(List.of(FIRST), disk.list());
  }
}
