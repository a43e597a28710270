package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StorageUse;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.disk.RealDisk;
import org.ouroborosdb.store.segment.HandmadeLog.OneEvent;
import org.ouroborosdb.store.segment.HandmadeLog.Seen;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** How much a log takes, to the byte, and in which words it says that it takes no more. */
class LogLimitsTest {
  private static final int FRAME = RecordFormat.HEADER_BYTES + 64;
  private static final int COMMIT = RecordFormat.HEADER_BYTES + 20;
  private static final long LOOK_BYTES = 4 << 20;

  @TempDir private Path directory;

  private static SegmentLog open(Disk disk, int segmentBytes, long minFreeBytes) {
    return HandmadeLog.open(disk, Durability.NONE, segmentBytes, minFreeBytes);
  }

  @Test
  void a_batch_that_fits_to_the_byte_is_put_in_the_segment() throws IOException {
    int batch = FRAME + 10 + COMMIT;
    int two = Segment.HEADER_BYTES + 2 * batch;
    for (int less = 0; less <= 1; less++) {
      try (SegmentLog log = open(new MemoryDisk(), two - less, 0)) {
        log.commit(new OneEvent(1, 10), false);
        log.commit(new OneEvent(2, 10), false);
        assertEquals(1 + less, log.segmentCount());
        log.commit(new OneEvent(3, 10), false);
        assertEquals(2 + less, log.segmentCount());
      }
    }
  }

  @Test
  void a_batch_is_refused_for_the_byte_too_much_before_anything_is_written() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    int payload = 5_000;
    try (SegmentLog log = open(disk, 1 << 20, 1_000)) {
      disk.faults().limit(disk.bytes() + 1_000 + FRAME + payload - 1);
      OneEvent much = new OneEvent(1, payload);
      StoreException full = assertThrows(StoreException.class, () -> log.commit(much, false));
      assertEquals(ErrorCode.DISK_FULL, full.code());
      assertEquals(
          "the disk has "
              + (1_000 + FRAME + payload - 1)
              + " bytes left for "
              + (FRAME + payload)
              + ", and minFreeBytes asks for 1000; free some space",
          full.getMessage());
      assertTrue(much.failed);
      assertFalse(much.published);
      assertEquals(Segment.HEADER_BYTES, log.end().offset());
      StoreException chunk =
          assertThrows(StoreException.class, () -> HandmadeLog.append(log, 7, payload + FRAME));
      assertEquals(ErrorCode.DISK_FULL, chunk.code());
      disk.faults().limit(disk.bytes() + 1_000 + FRAME + payload);
      assertEquals(1, log.commit(much, false));
    }
  }

  @Test
  void the_free_space_is_looked_at_every_four_megabytes_and_each_time_when_it_is_short()
      throws IOException {
    long keep = 10L << 20;
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentLog log = open(disk, 1 << 26, keep)) {
      int first = FRAME + 10;
      disk.faults().limit(disk.bytes() + keep + LOOK_BYTES + first);
      log.commit(new OneEvent(1, 10), false);
      disk.faults().limit(disk.bytes() + keep - 1);
      log.commit(new OneEvent(2, 10), false);
      int most = (int) LOOK_BYTES - 2 * FRAME - 20;
      assertThrows(StoreException.class, () -> log.commit(new OneEvent(3, most), false));
    }
    SimulatedDisk small = new SimulatedDisk();
    try (SegmentLog log = open(small, 1 << 26, keep)) {
      small.faults().limit(small.bytes() + keep + LOOK_BYTES - 1);
      log.commit(new OneEvent(1, 10), false);
      small.faults().limit(small.bytes() + keep - 1);
      assertThrows(StoreException.class, () -> log.commit(new OneEvent(2, 10), false));
    }
  }

  @Test
  void chunks_of_more_than_the_buffer_are_written_and_read() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    int bytes = 250_000;
    int all = Segment.HEADER_BYTES + 9 * (FRAME + bytes);
    try (SegmentLog log = open(disk, 1 << 26, 0)) {
      List<Position> at = new ArrayList<>();
      for (int name = 1; name <= 9; name++) {
        at.add(HandmadeLog.append(log, name, bytes));
      }
      assertEquals(all, log.end().offset());
      for (int i = 0; i < 9; i++) {
        assertEquals(i + 1, log.read(at.get(i), RecordKind.CHUNK).name().getInt(0));
      }
    }
    try (SegmentLog log = open(disk, 1 << 26, 0)) {
      assertEquals(all, log.end().offset());
    }
  }

  @Test
  void an_open_cuts_off_a_torn_end_and_tells_where_each_batch_ends() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 9).commit(1, 1);
    Position first = log.end();
    Position second = log.event(2, 9).commit(2, 1).end();
    log.event(3, 9);
    List<String> ends = new ArrayList<>();
    Seen seen =
        new Seen() {
          @Override
          public void batchEnd(Position end, long lastSeq) {
            ends.add(lastSeq + " at " + end);
          }
        };
    try (SegmentLog open = log.open(seen)) {
      assertEquals(List.of("1 at " + first, "2 at " + second), ends);
      assertEquals(second, open.end());
      assertEquals(second.offset(), Objects.requireNonNull(open.segment(1)).file.size());
    }
  }

  @Test
  void the_index_is_told_where_each_chunk_is() throws IOException {
    try (SegmentLog log = open(new MemoryDisk(), 1 << 20, 0)) {
      Map<ChunkId, ChunkLocation> told = new HashMap<>();
      ChunkIndex index =
          new ChunkIndex() {
            @Override
            public ChunkLocation find(ChunkId id) {
              return Objects.requireNonNull(told.get(id));
            }

            @Override
            public void add(ChunkId id, ChunkLocation location) {
              told.put(id, location);
            }
          };
      GroupTable table = HandmadeLog.oneChunk(7, 40);
      Position at = log.appendChunks(table, (byte) 3, ByteBuffer.allocate(25), index);
      ChunkLocation location = new ChunkLocation(at, 40, 25, (byte) 3, false);
      assertEquals(Map.of(ChunkId.read(HandmadeLog.name(7)), location), told);
      assertEquals(RecordKind.CHUNK, location.kind());
      assertEquals(3, log.read(at, location.kind()).codec());
    }
  }

  @Test
  void a_location_keeps_its_codec_and_group_in_one_byte() {
    Position at = new Position(1, 50);
    for (byte codec : new byte[] {0, 1, 127}) {
      for (boolean grouped : new boolean[] {false, true}) {
        ChunkLocation location = new ChunkLocation(at, 9, 8, codec, grouped);
        assertEquals((byte) (grouped ? codec - 128 : codec), location.flags());
        assertEquals(location, ChunkLocation.ofFlags(at, 9, 8, location.flags()));
        assertEquals(grouped ? RecordKind.CHUNK_GROUP : RecordKind.CHUNK, location.kind());
      }
    }
  }

  @Test
  void the_files_of_a_closed_log_are_closed_and_so_are_those_that_were_replaced()
      throws IOException {
    RealDisk disk = new RealDisk(directory);
    SegmentLog log = open(disk, 1 << 20, 0);
    log.commit(new OneEvent(1, 10), false);
    log.seal();
    Segment first = Objects.requireNonNull(log.segment(1));
    Position at = new Position(1, 32);
    assertEquals(1, log.read(at, RecordKind.EVENT).name().getInt(0));
    assertEquals(Map.of(), LogFiles.generations(log));
    assertFalse(new ReplacedSegments(log).anySinceOpen());
    try (SegmentRewrite rewrite = new SegmentRewrite(log, 1, 0)) {
      rewrite.write(new Everything(), bytes -> {}, Cancellation.create());
      rewrite.name();
      rewrite.install();
    }
    assertEquals(Map.of(1, 1), LogFiles.generations(log));
    assertTrue(new ReplacedSegments(log).anySinceOpen());
    assertEquals(1, first.read(32, RecordKind.EVENT).name().getInt(0));
    new ReplacedSegments(log).delete();
    assertThrows(ClosedChannelException.class, () -> first.read(32, RecordKind.EVENT));
    Position moved = new Position(Position.numberOf(1, 1), 32);
    assertEquals(1, log.read(moved, RecordKind.EVENT).name().getInt(0));
    log.close();
    StoreException closed =
        assertThrows(StoreException.class, () -> log.read(moved, RecordKind.EVENT));
    assertEquals(ErrorCode.CLOSED, closed.code());
    assertEquals("reading segment 1 failed: the store is closed", closed.getMessage());
  }

  /** Keeps every record. */
  private static final class Everything implements SegmentRewrite.Needed {
    @Override
    public boolean event(LogRecord record, long seq) {
      return true;
    }

    @Override
    public long levelOf(LogRecord record) {
      throw new AssertionError("nothing is dropped");
    }

    @Override
    public SegmentRewrite.Chunks chunks(LogRecord record) {
      GroupTable table = GroupTable.of(record);
      return new SegmentRewrite.Chunks(table, record.codec(), table.stored(record));
    }
  }

  @Test
  void writing_anew_tells_of_its_bytes_before_each_write() throws IOException {
    HandmadeLog made = new HandmadeLog().event(1, 10).commit(1, 1).segment(2);
    List<Long> paced = new ArrayList<>();
    try (SegmentLog log = made.open();
        SegmentRewrite rewrite = new SegmentRewrite(log, 1, 0)) {
      rewrite.write(new Everything(), paced::add, Cancellation.create());
      assertEquals(List.of(32L, (long) FRAME + 10 + COMMIT), paced);
    }
  }

  @Test
  void failures_of_files_say_what_the_type_of_the_exception_says() {
    Map<IOException, String> says =
        Map.of(
            new AccessDeniedException("f"), "no permission for f",
            new NoSuchFileException("f"), "there is no f",
            new FileAlreadyExistsException("f"), "f is there already, and no directory",
            new IOException("broken"), "broken");
    says.forEach(
        (failure, words) -> {
          StoreException said = IoFailures.translate("reading", failure);
          assertEquals("reading failed: " + words, said.getMessage());
          assertEquals(ErrorCode.IO_FAILED, said.code());
        });
    StoreException full = IoFailures.translate("writing", new IOException("Quota exceeded"));
    assertEquals("writing failed: Quota exceeded; free some space", full.getMessage());
  }

  private static LogRecord group(int count, int length, int rawLength, int room) {
    ByteBuffer payload = ByteBuffer.allocate(4 + room).putInt(count);
    for (int i = 0; i < count && payload.remaining() >= 68; i++) {
      payload.put(HandmadeLog.name(i)).putInt(length);
    }
    return new LogRecord(
        new Position(1, 32),
        RecordKind.CHUNK_GROUP,
        (byte) 0,
        rawLength,
        HandmadeLog.NO_NAME,
        payload.rewind());
  }

  @Test
  void a_group_has_up_to_1024_chunks_of_up_to_256_kib_and_its_table_may_be_all_of_it() {
    int most = Limits.MAX_CHUNKS_PER_GROUP;
    assertEquals(most, GroupTable.of(group(most, 1, most, most * 68)).entries().size());
    assertSays("it announces 1025 chunks", group(most + 1, 1, most + 1, (most + 1) * 68));
    assertSays("it announces 2 chunks", group(2, 1, 2, 2 * 68 - 1));
    int length = Limits.MAX_CHUNK_BYTES;
    assertEquals(length, GroupTable.of(group(1, length, length, 68)).entries().get(0).length());
    assertSays("bytes long in it", group(1, length + 1, length + 1, 68));
    assertSays("is 7 bytes long in it", group(2, 7, 10, 2 * 68));
    assertSays("its chunks have 8 bytes, not 10", group(2, 4, 10, 2 * 68));
  }

  private static void assertSays(String words, LogRecord record) {
    StoreException damaged = assertThrows(StoreException.class, () -> GroupTable.of(record));
    assertEquals(ErrorCode.CORRUPT, damaged.code());
    String said = String.valueOf(damaged.getMessage());
    assertTrue(said.startsWith("the chunk group at 1:32 is damaged: "), said);
    assertTrue(said.contains(words), said);
  }

  @Test
  void sizes_count_records_up_to_the_last_byte_of_a_segment_and_no_dead_one_behind_the_end()
      throws IOException {
    HandmadeLog log = new HandmadeLog();
    for (int i = 1; i <= 500; i++) {
      log.event(i, i % 90);
    }
    log.commit(1, 500);
    long sealed = log.end().offset();
    log.segment(2).event(501, 20).commit(501, 1);
    try (SegmentLog open = log.open()) {
      List<StorageUse> uses =
          new RecordSizes(open).count(id -> true, Cancellation.create(), ProgressListener.NONE);
      long bytes = sealed - 32 - COMMIT + FRAME + 20;
      assertEquals(new StorageUse("event", 501, bytes, bytes), use("event", uses));
      assertEquals(new StorageUse("commit", 2, 2 * COMMIT, 0), use("commit", uses));
      assertEquals(new StorageUse("segment header", 2, 64, 0), use("segment header", uses));
      assertEquals(new StorageUse("unreadable", 0, 0, 0), use("unreadable", uses));
    }
  }

  private static StorageUse use(String kind, List<StorageUse> uses) {
    return uses.stream().filter(use -> use.kind().equals(kind)).findFirst().orElseThrow();
  }

  @Test
  void a_log_of_which_a_part_is_missing_is_not_whole_and_says_which() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 9).commit(1, 1).segment(2).event(2, 9);
    log.commit(2, 1);
    assertNull(gap(log, 2));
    assertEquals("the log once had event 3, and ends with 2 in both", gap(log, 3));
    log.disk.delete(Segment.name(1));
    assertEquals("segment 1 is missing in both", gap(log, 2));
    HandmadeLog cut = new HandmadeLog().event(1, 9).segment(2).event(2, 9).commit(2, 1);
    assertEquals("segment 1 lacks its end in both", gap(cut, 0));
    HandmadeLog number = new HandmadeLog().event(1, 9).commit(1, 1).event(2, 9).commit(4, 1);
    assertEquals("segment 1: event 4 follows 1, what is between is in neither", gap(number, 0));
    HandmadeLog rewritten = new HandmadeLog();
    rewritten.disk.delete(Segment.name(1));
    rewritten.segment(Position.numberOf(1, 1)).event(1, 9).commit(1, 1);
    assertEquals("segment 2 is missing in both", gap(rewritten, 0));
    HandmadeLog header = new HandmadeLog().event(1, 9).commit(1, 1);
    header.damage(1, 3);
    assertEquals("segment 1 lacks its end in both", gap(header, 0));
    assertNull(gap(new HandmadeLog(), 0));
  }

  private static @Nullable String gap(HandmadeLog log, long known) throws IOException {
    return new LogGaps(log.disk, HandmadeLog.ID, known, Cancellation.create()).first();
  }

  @Test
  void a_new_segment_starts_empty_where_a_file_of_its_name_was_left() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (var left = disk.open(Segment.name(1), true)) {
      left.write(ByteBuffer.allocate(500), 0);
    }
    Segment segment = Segment.create(disk, 1, HandmadeLog.ID);
    assertEquals(Segment.HEADER_BYTES, segment.file.size());
  }

  @Test
  void a_scan_tells_of_headers_and_of_batches_without_an_end() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 9).commit(1, 1);
    long end = log.end().offset();
    log.segment(2).event(2, 9).commit(2, 1);
    try (SegmentLog open = log.open()) {
      log.damage(1, 9);
      log.cut(1, end - COMMIT);
      List<String> damages = new ArrayList<>();
      open.scan(
          new Seen(),
          (segment, from, to, what) ->
              damages.add(segment + ": " + from + " to " + to + ": " + what),
          Cancellation.create());
      assertEquals(
          List.of(
              "1: 0 to 0: its header is damaged, or a segment before is missing",
              "1: 32 to " + (end - COMMIT) + ": a transaction there lacks its end"),
          damages);
    }
  }
}
