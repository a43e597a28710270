package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.disk.MemoryDisk;

/** Copying a log step by step: what is told, what is counted, and what is compared. */
class CopyStepsTest {
  private static final int PIECE = 1 << 20;
  private static final int HEADER = Segment.HEADER_BYTES;

  private final List<String> steps = new ArrayList<>();

  /** A segment of more than a piece, and one of little. */
  private static HandmadeLog log() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 3 * PIECE / 2).commit(1, 1);
    return log.segment(2).event(2, 70).commit(2, 1);
  }

  private static LogCopy copy(
      HandmadeLog log, Disk to, Cancellation cancellation, ProgressListener progress)
      throws IOException {
    return new LogCopy(
        log.disk,
        to,
        LogCopy.segments(log.disk),
        log.end(),
        CopiedLogTest.NAMES,
        cancellation,
        progress);
  }

  private LogCopy.Result run(HandmadeLog log, Disk to) throws IOException {
    steps.clear();
    return copy(log, to, Cancellation.create(), (done, total) -> steps.add(done + " of " + total))
        .run();
  }

  private static ByteBuffer bytes(Disk disk, String name) throws IOException {
    try (DiskFile file = disk.open(name, false)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.readFully(bytes, 0);
      return bytes.flip();
    }
  }

  private static void write(Disk disk, String name, long at, byte... bytes) throws IOException {
    try (DiskFile file = disk.open(name, true)) {
      file.write(ByteBuffer.wrap(bytes), at);
    }
  }

  @Test
  void it_tells_the_bytes_of_each_piece_and_counts_what_it_wrote() throws IOException {
    HandmadeLog log = log();
    long first = bytes(log.disk, Segment.name(1)).remaining();
    long second = log.end().offset();
    long all = first + second;
    MemoryDisk to = new MemoryDisk();
    assertEquals(new LogCopy.Result(2, all, all), run(log, to));
    assertEquals(List.of(PIECE + " of " + all, first + " of " + all, all + " of " + all), steps);
    assertEquals(new LogCopy.Result(0, 0, all), run(log, to));
    assertEquals(List.of(second + " of " + all, all + " of " + all), steps, "the youngest first");
    log.event(3, 9).commit(3, 1);
    long grown = log.end().offset();
    all = first + grown;
    assertEquals(new LogCopy.Result(1, grown, all), run(log, to));
    assertEquals(List.of(grown + " of " + all, all + " of " + all), steps);
    for (int segment = 1; segment <= 2; segment++) {
      String name = Segment.name(segment);
      assertEquals(bytes(log.disk, name), bytes(to, name));
    }
    assertEquals(log.disk.list(), to.list());
  }

  @Test
  void what_a_killed_copy_left_of_a_segment_is_not_in_the_next() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 50).commit(1, 1);
    MemoryDisk to = new MemoryDisk();
    write(to, Segment.name(1) + ".next", 0, new byte[5_000]);
    run(log, to);
    assertEquals(bytes(log.disk, Segment.name(1)), bytes(to, Segment.name(1)));
  }

  @Test
  void cancelling_ends_it_behind_the_piece_that_is_being_copied() throws IOException {
    HandmadeLog log = log();
    MemoryDisk to = new MemoryDisk();
    Cancellation cancellation = Cancellation.create();
    LogCopy copy =
        copy(
            log,
            to,
            cancellation,
            (done, total) -> {
              steps.add("" + done);
              cancellation.cancel();
            });
    StoreException stopped = assertThrows(StoreException.class, copy::run);
    assertEquals(ErrorCode.CANCELLED, stopped.code());
    assertEquals(List.of("" + PIECE), steps);
    assertEquals(List.of(), to.list());
  }

  @Test
  void a_segment_that_grew_is_compared_with_all_of_its_earlier_copy() throws IOException {
    for (int at : new int[] {HEADER + 200, PIECE + 7}) {
      HandmadeLog log = new HandmadeLog().event(1, 3 * PIECE / 2).commit(1, 1);
      MemoryDisk to = new MemoryDisk();
      run(log, to);
      write(to, Segment.name(1), at, (byte) 1);
      log.event(2, 50).commit(2, 1);
      StoreException other = assertThrows(StoreException.class, () -> run(log, to));
      assertEquals(ErrorCode.CONFLICT, other.code());
      assertEquals(
          "the directory holds no earlier copy of this database: segment 1 is another from about "
              + at / PIECE * PIECE
              + "; give another directory",
          other.getMessage());
    }
  }

  @Test
  void a_copy_is_replaced_from_where_the_segments_are_others() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 50).commit(1, 1);
    MemoryDisk to = new MemoryDisk();
    run(log, to);
    assertFalse(copy(log, to, Cancellation.create(), ProgressListener.NONE).replaces());
    int rewritten = Position.numberOf(1, 1);
    log.disk.delete(Segment.name(1));
    log.segment(rewritten).event(1, 50).commit(1, 1);
    assertTrue(copy(log, to, Cancellation.create(), ProgressListener.NONE).replaces());
    run(log, to);
    assertEquals(List.of(Segment.name(rewritten)), to.list());
  }

  @Test
  void no_segment_has_the_number_zero() throws IOException {
    assertFalse(LogCopy.isSegment("segment-00000000.log"));
    assertFalse(LogCopy.isSegment("segment-00000000.log.next"));
    MemoryDisk disk = new MemoryDisk();
    write(disk, "segment-00000000.log", 0, (byte) 1);
    assertEquals(List.of(), SegmentFiles.numbers(disk));
  }
}
