package org.ouroborosdb.store.ingest;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.RealDisk;
import org.ouroborosdb.store.segment.LogOptions;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.LogVisitor;
import org.ouroborosdb.store.segment.SegmentLog;

class IngestOverLogTest {
  private static final LogOptions OPTIONS =
      new LogOptions(new WriterId(1, 2), 2 << 20, Durability.COMMIT, 0);
  private static final LogVisitor NOTHING =
      new LogVisitor() {
        @Override
        public void chunk(LogRecord record) {}

        @Override
        public void committed(LogRecord record, long seq) {}
      };

  @Test
  void content_comes_back_from_the_segments_of_a_real_directory(@TempDir Path folder)
      throws Exception {
    byte[] bytes = new byte[9_000_000];
    new Random(30).nextBytes(bytes);
    Arrays.fill(bytes, 2_000_000, 4_000_000, (byte) 'a');
    MemoryChunks index = new MemoryChunks();
    try (RealDisk disk = new RealDisk(folder);
        SegmentLog log = SegmentLog.open(disk, OPTIONS, null, 0, NOTHING)) {
      ChunkGroups groups = new ChunkGroups(log, index, Limits.MAX_GROUP_BYTES);
      StoredContent stored;
      try (ContentWriter writer = new ContentWriter(groups)) {
        stored =
            writer.put(
                new ByteArrayInputStream(bytes), Cancellation.create(), ProgressListener.NONE);
      }
      groups.writeAll();
      ChunkReader reader = new ChunkReader(log, index, groups, 1 << 20);

      assertArrayEquals(
          bytes, new StoredContentReader(reader, stored, () -> {}).readAll(bytes.length));
      assertArrayEquals(
          new byte[] {'a', bytes[4_000_000]},
          new StoredContentReader(reader, stored, () -> {}).read(3_999_999, 2));
      assertEquals(stored.chunks().stream().map(ChunkRef::id).collect(toSet()), verified(log));
    }
  }

  /** Returns the chunks of the log, each of which has the bytes it is named after. */
  private static Set<ChunkId> verified(SegmentLog log) {
    Set<ChunkId> verified = new HashSet<>();
    log.scan(
        new LogVisitor() {
          @Override
          public void chunk(LogRecord record) {
            ChunkReader.verify(record).entries().forEach(entry -> verified.add(entry.id()));
          }

          @Override
          public void committed(LogRecord record, long seq) {}
        },
        (segment, offset, next, what) -> {
          throw new AssertionError(segment + ":" + offset + ": " + what);
        },
        Cancellation.create());
    return verified;
  }
}
