package org.ouroborosdb.store.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;

class ChunkGroupsTest {
  private final MemoryChunks log = new MemoryChunks();
  private final ChunkGroups groups = new ChunkGroups(log, log);
  private final Random random = new Random(40);
  private ChunkGroups otherGroups = groups;

  @Test
  void short_chunks_share_a_record_and_their_stored_lengths_add_up() {
    List<ChunkRef> chunks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      byte[] bytes = ("{\"kind\":\"file\",\"number\":" + i + "}").getBytes(US_ASCII);
      chunks.add(groups.store(bytes, 0, bytes.length));
    }
    assertEquals(0, log.appends.get());
    groups.write(chunks.subList(50, 51));

    assertEquals(1, log.appends.get());
    ChunkLog.StoredChunks record = log.records.values().iterator().next();
    assertEquals(chunks, refs(record.table()));
    int shares = log.locations.values().stream().mapToInt(ChunkLocation::storedLength).sum();
    assertEquals(record.stored().remaining(), shares);
    assertTrue(shares < 1_000, shares + " bytes stored");
  }

  @Test
  void few_long_chunks_share_a_mebibyte_and_many_half_of_it() {
    for (int i = 0; i < 40; i++) {
      groups.store(random(60_000), 0, 60_000);
    }
    groups.writeAll();
    assertEquals(List.of(17, 17, 6), sizesOfRecords());

    log.records.clear();
    for (int i = 0; i < 150; i++) {
      groups.store(random(8_000), 0, 8_000);
    }
    groups.writeAll();
    assertEquals(List.of(65, 65, 20), sizesOfRecords());
  }

  private List<Integer> sizesOfRecords() {
    return log.records.values().stream()
        .map(record -> record.table().entries().size())
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** Another put of the chunk comes and goes right after the first has looked for it. */
  @Test
  void a_chunk_that_another_put_brings_into_the_log_meanwhile_is_stored_once() {
    byte[] bytes = random(3_000);
    AtomicBoolean met = new AtomicBoolean();
    MemoryChunks slow =
        new MemoryChunks() {
          @Override
          public @Nullable ChunkLocation find(ChunkId id) {
            ChunkLocation found = super.find(id);
            if (met.compareAndSet(false, true)) {
              otherGroups.store(bytes, 0, bytes.length);
              otherGroups.writeAll();
            }
            return found;
          }
        };
    otherGroups = new ChunkGroups(slow, slow);
    ChunkRef chunk = otherGroups.store(bytes, 0, bytes.length);
    otherGroups.writeAll();

    assertEquals(1, slow.appendedChunks.get());
    assertArrayEquals(bytes, new ChunkReader(slow, slow, otherGroups, 0).read(chunk));
  }

  @Test
  void a_pending_chunk_is_read_from_memory_and_a_written_one_from_the_log() {
    byte[] bytes = random(3_000);
    ChunkRef chunk = groups.store(bytes, 1_000, 500);
    ChunkReader reader = new ChunkReader(log, log, groups, 0);
    byte[] expected = java.util.Arrays.copyOfRange(bytes, 1_000, 1_500);

    assertTrue(groups.isPending(chunk));
    assertFalse(groups.isPending(new ChunkRef(chunk.id(), 501)));
    assertArrayEquals(expected, reader.read(chunk));
    assertEquals(0, log.reads.get());
    groups.writeAll();
    assertFalse(groups.isPending(chunk));
    assertNull(groups.read(chunk.id()));
    assertArrayEquals(expected, reader.read(chunk));
    assertEquals(1, log.reads.get());
  }

  @Test
  void damage_to_one_chunk_of_a_group_leaves_the_others_readable() {
    List<ChunkRef> chunks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      chunks.add(groups.store(random(1_000 + i), 0, 1_000 + i));
    }
    groups.writeAll();
    for (ChunkLog.StoredChunks record : log.records.values()) {
      if (refs(record.table()).contains(chunks.get(10))) {
        GroupTable.Entry entry =
            record.table().entries().get(refs(record.table()).indexOf(chunks.get(10)));
        record.stored().array()[entry.offset() + 3] ^= 1; // random bytes are stored as they are
      }
    }
    ChunkReader reader = new ChunkReader(log, log, groups, 0);
    for (ChunkRef chunk : chunks) {
      if (chunk.equals(chunks.get(10))) {
        assertCode(ErrorCode.CORRUPT, () -> reader.read(chunk));
      } else {
        assertEquals(chunk.length(), reader.read(chunk).length);
      }
    }
  }

  @Test
  void a_group_that_could_not_be_written_stays_readable_and_is_tried_again() {
    log.appendsUntilFull = 0;
    byte[] bytes = random(100_000);
    ChunkRef chunk = groups.store(bytes, 0, bytes.length);
    assertCode(ErrorCode.DISK_FULL, () -> groups.write(List.of(chunk)));
    assertCode(ErrorCode.DISK_FULL, () -> groups.store(random(10), 0, 10));
    assertArrayEquals(bytes, new ChunkReader(log, log, groups, 0).read(chunk));

    log.appendsUntilFull = Integer.MAX_VALUE;
    groups.store(random(10), 0, 10);
    assertEquals(1, log.appends.get() - 2);
    assertFalse(groups.isPending(chunk));
    assertArrayEquals(bytes, new ChunkReader(log, log, groups, 0).read(chunk));
  }

  @Test
  void chunks_that_many_threads_put_write_and_read_are_each_stored_once() throws Exception {
    long seed = 41;
    System.out.println("chunks_that_many_threads_put_write_and_read: seed " + seed);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Map<ChunkRef, byte[]>>> done = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Random own = new Random(seed + i / 2); // two threads each bring the same chunks
        done.add(threads.submit(() -> putWriteAndRead(own)));
      }
      Map<ChunkRef, byte[]> all = new HashMap<>();
      for (Future<Map<ChunkRef, byte[]>> each : done) {
        all.putAll(each.get());
      }
      groups.writeAll();
      assertEquals(all.size(), log.appendedChunks.get());
      ChunkReader reader = new ChunkReader(log, log, groups, 0);
      all.forEach((chunk, bytes) -> assertArrayEquals(bytes, reader.read(chunk)));
    } finally {
      threads.shutdown();
    }
  }

  private Map<ChunkRef, byte[]> putWriteAndRead(Random own) {
    ChunkReader reader = new ChunkReader(log, log, groups, 0);
    Map<ChunkRef, byte[]> put = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[1 + own.nextInt(own.nextInt(20) == 0 ? 100_000 : 3_000)];
      own.nextBytes(bytes);
      ChunkRef chunk = groups.store(bytes, 0, bytes.length);
      put.put(chunk, bytes);
      if (own.nextInt(10) == 0) {
        groups.write(List.of(chunk));
        assertTrue(log.find(chunk.id()) != null, "a written chunk is in the index");
      }
      assertArrayEquals(bytes, reader.read(chunk));
    }
    return put;
  }

  @Test
  void a_table_that_is_none_is_refused_before_anything_is_allocated_for_it() {
    ByteBuffer good = table(2, 10, 20);
    assertEquals(2, GroupTable.of(group(30, good)).entries().size());
    for (LogRecord bad :
        List.of(
            group(30, ByteBuffer.allocate(3)),
            group(30, table(0)),
            group(30, table(-1, 10, 20)),
            group(30, table(3, 10, 20)),
            group(30, table(Integer.MAX_VALUE, 10, 20)),
            group(30, table(Limits.MAX_CHUNKS_PER_GROUP + 1, 10, 20)),
            group(31, good),
            group(29, good),
            group(20, table(2, 20, 0)),
            group(10, table(2, 20, -10)),
            group(Integer.MAX_VALUE, table(1, Limits.MAX_CHUNK_BYTES + 1)),
            group(30, table(2, Integer.MAX_VALUE, Integer.MAX_VALUE)))) {
      assertCode(ErrorCode.CORRUPT, () -> GroupTable.of(bad));
    }
  }

  private static ByteBuffer table(int count, int... lengths) {
    ByteBuffer table = ByteBuffer.allocate(4 + 68 * lengths.length).putInt(count);
    for (int length : lengths) {
      table.put(new byte[ChunkId.BYTES]).putInt(length);
    }
    return table.flip();
  }

  private static LogRecord group(int rawLength, ByteBuffer payload) {
    return new LogRecord(
        new Position(1, 32),
        RecordKind.CHUNK_GROUP,
        (byte) 0,
        rawLength,
        ByteBuffer.allocate(0),
        payload);
  }

  private static List<ChunkRef> refs(GroupTable table) {
    return table.entries().stream().map(e -> new ChunkRef(e.id(), e.length())).toList();
  }

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void assertCode(ErrorCode code, Runnable call) {
    assertEquals(code, assertThrows(StoreException.class, call::run).code());
  }
}
