package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.disk.RealDisk;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.segment.ChunkIndex;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.LogOptions;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.LogVisitor;
import org.ouroborosdb.store.segment.SegmentLog;

class VerifyDepthTest {
  private static final int LOG_ID_OFFSET = 12; // in the file FORMAT

  private final Random random = new Random(50);
  @TempDir private Path directory;

  private EventStore open() {
    return EmbeddedEventStore.open(StoreOptions.at(directory));
  }

  private void fill() {
    try (EventStore store = open()) {
      EventId root = store.append(NewEvent.root("archive").metadata("{}").build());
      for (int i = 0; i < 20; i++) {
        byte[] bytes = new byte[150_000];
        random.nextBytes(bytes);
        store.append(NewEvent.child(root).content(store.put(bytes)).metadata("m" + i).build());
      }
    }
  }

  private VerifyReport verify(VerifyDepth depth) {
    try (EventStore store = open()) {
      return store.verify(depth, Cancellation.create(), ProgressListener.NONE);
    }
  }

  @Test
  void both_depths_read_all_of_a_sound_store_and_tell_their_progress() {
    fill();
    for (VerifyDepth depth : VerifyDepth.values()) {
      List<Long> reports = new ArrayList<>();
      try (EventStore store = open()) {
        VerifyReport report =
            store.verify(depth, Cancellation.create(), (done, total) -> reports.add(done));
        assertTrue(report.isSound(), () -> report.damages().toString());
        assertEquals(21, report.events());
        long chunks = 0;
        try (Snapshot snapshot = store.snapshot()) {
          for (ChunkInfo chunk : snapshot.chunks()) {
            chunks += chunk.length() > 0 ? 1 : 0;
          }
        }
        assertEquals(chunks, report.chunks());
        assertEquals(store.statistics().segmentBytes(), reports.get(reports.size() - 1));
      }
      assertEquals(reports.stream().sorted().toList(), reports);
    }
  }

  @Test
  void both_depths_name_a_flipped_bit() throws IOException {
    fill();
    Path segment = directory.resolve("segment-00000001.log");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 4;
    Files.write(segment, bytes);
    for (VerifyDepth depth : VerifyDepth.values()) {
      VerifyReport report = verify(depth);
      assertFalse(report.isSound());
      assertTrue(report.damages().get(0).contains("segment 1"), report.damages().get(0));
    }
  }

  @Test
  void only_a_full_verification_finds_a_chunk_under_a_wrong_name() throws IOException {
    fill();
    ChunkId first = ChunkId.of(new byte[ChunkId.BYTES]);
    byte[] name = new byte[ChunkId.BYTES];
    name[0] = 1;
    GroupTable table =
        new GroupTable(
            List.of(
                new GroupTable.Entry(first, 0, 10), new GroupTable.Entry(ChunkId.of(name), 10, 20)),
            30);
    ByteBuffer format = ByteBuffer.wrap(Files.readAllBytes(directory.resolve("FORMAT")));
    WriterId logId =
        new WriterId(format.getLong(LOG_ID_OFFSET), format.getLong(LOG_ID_OFFSET + Long.BYTES));
    LogOptions options = new LogOptions(logId, 256 << 20, Durability.COMMIT, 0);
    try (RealDisk disk = new RealDisk(directory);
        SegmentLog log = SegmentLog.open(disk, options, null, 0, NOTHING)) {
      log.appendChunks(table, (byte) 0, ByteBuffer.allocate(30), NOWHERE);
    }
    assertTrue(verify(VerifyDepth.QUICK).isSound());
    VerifyReport full = verify(VerifyDepth.FULL);
    assertEquals(1, full.damageCount());
    assertTrue(full.damages().get(0).contains(first.toString()), full.damages().get(0));
  }

  @Test
  void a_cancelled_verification_ends_and_the_store_goes_on() {
    fill();
    try (EventStore store = open()) {
      Cancellation cancellation = Cancellation.create();
      ProgressListener cancelling =
          (done, total) -> {
            if (done > total / 2) {
              cancellation.cancel();
            }
          };
      StoreException failure =
          assertThrows(
              StoreException.class, () -> store.verify(VerifyDepth.FULL, cancellation, cancelling));
      assertEquals(ErrorCode.CANCELLED, failure.code());
      assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
  }

  private static final LogVisitor NOTHING =
      new LogVisitor() {
        @Override
        public void chunk(LogRecord record) {}

        @Override
        public void committed(LogRecord record, long seq) {}
      };

  private static final ChunkIndex NOWHERE =
      new ChunkIndex() {
        @Override
        public @org.jspecify.annotations.Nullable ChunkLocation find(ChunkId id) {
          return null;
        }

        @Override
        public void add(ChunkId id, ChunkLocation location) {}
      };
}
