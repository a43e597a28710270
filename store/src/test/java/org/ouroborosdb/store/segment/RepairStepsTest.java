package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.segment.HandmadeLog.Seen;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** A repair step by step: what it tells, what it takes for lost chunks, and what it leaves. */
class RepairStepsTest {
  private static final int CHUNK = 1_000_000_007;
  private static final int REWRITTEN = Position.numberOf(1, 1);

  private int forgotten;

  private LogRepair repair(
      HandmadeLog log, HandmadeLog copy, Cancellation cancellation, ProgressListener progress) {
    return new LogRepair(
        log.disk,
        copy.disk,
        HandmadeLog.ID,
        null,
        0,
        RepairedLog.CONTENTS,
        () -> forgotten++,
        cancellation,
        progress);
  }

  private LogRepair.Result run(HandmadeLog log, HandmadeLog copy) {
    return repair(log, copy, Cancellation.create(), ProgressListener.NONE).run();
  }

  /** An event that refers to a chunk; 0 for none. */
  private static HandmadeLog event(HandmadeLog log, int name, int chunk) throws IOException {
    ByteBuffer payload = ByteBuffer.allocate(9).putInt(0, chunk);
    return log.record(RecordKind.EVENT, HandmadeLog.name(name), payload);
  }

  private static HandmadeLog twoSegments() throws IOException {
    HandmadeLog log = event(event(new HandmadeLog(), 1, 0), 2, 0).commit(1, 2).segment(2);
    return event(log, 3, 0).commit(3, 1);
  }

  @Test
  void it_tells_the_bytes_of_each_segment() throws IOException {
    HandmadeLog log = twoSegments();
    HandmadeLog copy = event(twoSegments(), 4, 0).commit(4, 1);
    log.damage(1, 60);
    long first = 32 + 2 * 93 + 40;
    long all = first + copy.end().offset();
    List<String> steps = new ArrayList<>();
    LogRepair.Result result =
        repair(log, copy, Cancellation.create(), (done, total) -> steps.add(done + " of " + total))
            .run();
    assertEquals(List.of(first + " of " + all, all + " of " + all), steps);
    assertEquals(List.of(), result.left());
    assertEquals(0, forgotten, "in place nothing moves");
  }

  @Test
  void a_cancelled_one_changes_nothing() throws IOException {
    HandmadeLog log = twoSegments();
    log.damage(1, 60);
    List<String> files = log.disk.list();
    Cancellation cancelled = Cancellation.create();
    cancelled.cancel();
    StoreException stopped =
        assertThrows(
            StoreException.class,
            () -> repair(log, twoSegments(), cancelled, ProgressListener.NONE).run());
    assertEquals(ErrorCode.CANCELLED, stopped.code());
    assertEquals(files, log.disk.list());
    assertThrows(StoreException.class, log::open);
  }

  /** A log whose first segment was rewritten and lacks a chunk that an event needs. */
  private static HandmadeLog lackingChunk() throws IOException {
    HandmadeLog log = new HandmadeLog();
    log.disk.delete(Segment.name(1));
    event(event(log.segment(REWRITTEN), 1, CHUNK), 2, 0).commit(1, 2).segment(2);
    return event(log, 3, 0).commit(3, 1);
  }

  private static HandmadeLog withChunk() throws IOException {
    HandmadeLog log = new HandmadeLog().chunk(CHUNK, 20);
    event(event(log, 1, CHUNK), 2, 0).commit(1, 2).segment(2);
    return event(log, 3, 0).commit(3, 1);
  }

  private static List<String> read(HandmadeLog log) {
    Seen seen = new Seen();
    log.open(seen).close();
    return seen.lines;
  }

  @Test
  void a_chunk_that_a_sound_log_lacks_comes_from_a_copy_that_was_not_rewritten()
      throws IOException {
    HandmadeLog log = lackingChunk();
    LogRepair.Result result = run(log, withChunk());
    assertEquals(List.of(), result.left());
    assertEquals(1, result.segments());
    assertEquals(1, result.records());
    assertEquals(84 + 20, result.bytes());
    assertEquals(1, forgotten);
    int mended = Position.numberOf(1, 2);
    assertEquals(List.of(Segment.name(mended), Segment.name(2)), log.disk.list());
    assertEquals(
        List.of("chunk " + CHUNK, "event 1 is 1", "event 2 is 2", "event 3 is 3"), read(log));
    assertEquals(new LogRepair.Result(0, 0, 0, List.of()), run(log, withChunk()));
    assertEquals(1, forgotten);
  }

  @Test
  void a_chunk_that_is_in_neither_is_said_and_nothing_is_written() throws IOException {
    HandmadeLog log = lackingChunk();
    HandmadeLog copy = new HandmadeLog().chunk(CHUNK + 1, 20);
    event(event(copy, 1, CHUNK), 2, 0).commit(1, 2).segment(2);
    event(copy, 3, 0).commit(3, 1);
    LogRepair.Result result = run(log, copy);
    ChunkId lost = ChunkId.read(HandmadeLog.name(CHUNK));
    assertEquals(List.of("chunk " + lost + " is in neither"), result.left());
    assertEquals(0, result.segments());
    assertEquals(0, forgotten);
    assertEquals(List.of(Segment.name(REWRITTEN), Segment.name(2)), log.disk.list());
  }

  @Test
  void a_copy_of_another_log_mends_nothing() throws IOException {
    HandmadeLog log = twoSegments();
    log.damage(1, 60);
    HandmadeLog other = event(event(new HandmadeLog(), 7, 0), 8, 0).commit(1, 2).segment(2);
    event(other, 9, 0).commit(3, 1);
    LogRepair.Result result = run(log, other);
    assertEquals(
        List.of(
            "segment 1 at offset 32: 93 bytes are damaged, and the other store does not have what"
                + " was there"),
        result.left());
    assertEquals(0, result.records());
    assertEquals(List.of(Segment.name(1), Segment.name(2)), log.disk.list());
  }

  @Test
  void the_segment_of_another_log_does_not_replace_a_missing_one() throws IOException {
    HandmadeLog log = event(twoSegments().segment(3), 4, 0).commit(4, 1);
    log.disk.delete(Segment.name(2));
    HandmadeLog other = event(event(new HandmadeLog(), 7, 0), 8, 0).commit(1, 2).segment(2);
    event(other, 9, 0).commit(3, 1);
    LogRepair.Result result = run(log, other);
    assertEquals(
        List.of("segment 2 is missing, and the other store went another way"), result.left());
    assertEquals(0, result.segments());
  }

  @Test
  void one_cancelled_between_two_segments_has_mended_the_first() throws IOException {
    HandmadeLog log = twoSegments();
    log.damage(1, 60);
    log.damage(2, 60);
    Cancellation cancelled = Cancellation.create();
    LogRepair started = repair(log, twoSegments(), cancelled, (done, total) -> cancelled.cancel());
    StoreException stopped = assertThrows(StoreException.class, started::run);
    assertEquals(ErrorCode.CANCELLED, stopped.code());
    assertEquals(List.of(Segment.name(1), Segment.name(2)), log.disk.list());
    LogRepair.Result rest = run(log, twoSegments());
    assertEquals(1, rest.segments());
    assertEquals(List.of("event 1 is 1", "event 2 is 2", "event 3 is 3"), read(log));
  }

  private LogRepair.Result runKnowing(HandmadeLog log, HandmadeLog copy, Position known) {
    return new LogRepair(
            log.disk,
            copy.disk,
            HandmadeLog.ID,
            known,
            0,
            RepairedLog.CONTENTS,
            () -> forgotten++,
            Cancellation.create(),
            ProgressListener.NONE)
        .run();
  }

  @Test
  void an_end_that_the_log_once_had_is_missed_in_both() throws IOException {
    Position end = twoSegments().end();
    assertEquals(List.of(), runKnowing(twoSegments(), twoSegments(), end).left());
    for (Position known :
        List.of(new Position(2, end.offset() + 1), new Position(3, 32), new Position(1, 1_000))) {
      assertEquals(
          List.of("the log once ended at " + known + ", and ends at " + end + " in both"),
          runKnowing(twoSegments(), twoSegments(), known).left());
    }
    Position rewritten = new Position(Position.numberOf(2, 1), 1_000);
    assertEquals(
        List.of("the log once ended at " + rewritten + ", and ends at " + end + " in both"),
        runKnowing(twoSegments(), twoSegments(), rewritten).left());
  }

  @Test
  void a_cut_end_comes_back_only_from_a_copy_that_had_that_end() throws IOException {
    Position end = twoSegments().end();
    HandmadeLog cut = twoSegments();
    cut.cut(2, Segment.HEADER_BYTES);
    assertEquals(
        new LogRepair.Result(1, 2, 93 + 40, List.of()), runKnowing(cut, twoSegments(), end));
    HandmadeLog other = event(twoSegments(), 5, 0).commit(4, 1);
    HandmadeLog cutToo = twoSegments();
    cutToo.cut(2, Segment.HEADER_BYTES);
    Position elsewhere = new Position(2, end.offset() + 50);
    LogRepair.Result left = runKnowing(cutToo, other, elsewhere);
    assertEquals(0, left.records());
    assertEquals(
        List.of(
            "the log once ended at "
                + elsewhere
                + ", and ends at "
                + new Position(2, Segment.HEADER_BYTES)
                + " in both"),
        left.left());
  }

  @Test
  void all_files_are_closed_when_it_is_done() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    HandmadeLog source = lackingChunk();
    for (String name : source.disk.list()) {
      try (DiskFile from = source.disk.open(name, false);
          DiskFile to = disk.open(name, true)) {
        ByteBuffer bytes = ByteBuffer.allocate((int) from.size());
        from.readFully(bytes, 0);
        to.write(bytes.flip(), 0);
      }
    }
    LogRepair.Result result =
        new LogRepair(
                disk,
                withChunk().disk,
                HandmadeLog.ID,
                null,
                0,
                RepairedLog.CONTENTS,
                () -> forgotten++,
                Cancellation.create(),
                ProgressListener.NONE)
            .run();
    assertEquals(1, result.segments());
    assertEquals(0, disk.openFiles());
  }
}
