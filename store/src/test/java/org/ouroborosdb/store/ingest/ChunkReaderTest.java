package org.ouroborosdb.store.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.identity.Sha512;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.Position;

class ChunkReaderTest {
  private final MemoryChunks chunks = new MemoryChunks();
  private final ChunkGroups groups = new ChunkGroups(chunks, chunks);
  private final ContentWriter writer = new ContentWriter(groups);

  @AfterEach
  void close() {
    writer.close();
  }

  @Test
  void any_range_is_read_and_only_the_chunks_it_touches() throws IOException {
    long seed = 20;
    System.out.println("any_range_is_read_and_only_the_chunks_it_touches: seed " + seed);
    Random random = new Random(seed);
    byte[] bytes = random(random, 3_000_000);
    StoredContent stored = writer.put(bytes);
    groups.writeAll();
    Content content = content(stored, 0);
    for (int i = 0; i < 300; i++) {
      int from = random.nextInt(bytes.length + 1);
      int length = random.nextInt(Math.min(200_000, bytes.length - from) + 1);
      byte[] expected = Arrays.copyOfRange(bytes, from, from + length);
      chunks.reads.set(0);
      assertArrayEquals(expected, content.read(from, length));
      assertTrue(chunks.reads.get() <= 2 + length / (16 << 10), chunks.reads + " reads");
      try (InputStream stream = content.stream(from, length)) {
        assertArrayEquals(expected, stream.readAllBytes());
        assertEquals(-1, stream.read());
      }
    }
    assertEquals(bytes.length, content.length());
    assertEquals(stored.chunks(), content.chunks());
  }

  @Test
  void ranges_outside_the_content_are_refused() {
    Content content = content(writer.put(new byte[100]), 0);

    assertThrows(IndexOutOfBoundsException.class, () -> content.read(-1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> content.read(0, 101));
    assertThrows(IndexOutOfBoundsException.class, () -> content.read(0, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> content.stream(101, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> content.stream(1, Long.MAX_VALUE));
    assertEquals(0, content.read(100, 0).length);
    assertEquals(
        ErrorCode.LIMIT_EXCEEDED,
        assertThrows(StoreException.class, () -> content.readAll(99)).code());
  }

  @Test
  void a_stream_reads_skips_and_closes_as_streams_do() throws IOException {
    byte[] bytes = random(new Random(21), 500_000);
    InputStream stream = content(writer.put(bytes), 1 << 20).stream();

    assertEquals(bytes[0] & 0xff, stream.read());
    assertEquals(0, stream.read(new byte[5], 0, 0));
    assertEquals(399_999, stream.skip(399_999));
    assertEquals(100_000, stream.available());
    assertEquals(bytes[400_000] & 0xff, stream.read());
    assertEquals(0, stream.skip(-5));
    byte[] rest = new byte[200_000];
    assertEquals(99_999, stream.read(rest));
    assertArrayEquals(Arrays.copyOfRange(bytes, 400_001, 500_000), Arrays.copyOf(rest, 99_999));
    assertEquals(-1, stream.read());
    assertEquals(0, stream.skip(1));
    stream.close();
    stream.close();
    assertThrows(IOException.class, stream::read);
  }

  @Test
  void reading_byte_by_byte_loads_each_record_once_even_without_a_cache() throws IOException {
    byte[] bytes = random(new Random(26), 400_000);
    StoredContent stored = writer.put(bytes);
    groups.writeAll();
    InputStream stream = content(stored, 0).stream();
    for (byte expected : bytes) {
      assertEquals(expected & 0xff, stream.read());
    }
    assertEquals(-1, stream.read());
    assertEquals(chunks.records.size(), chunks.reads.get());
  }

  @Test
  void no_changed_byte_leaves_the_store() {
    for (byte[] bytes : List.of(random(new Random(22), 20_000), new byte[20_000])) {
      StoredContent stored = writer.put(bytes);
      groups.writeAll();
      ChunkRef chunk = stored.chunks().get(0);
      Map.Entry<Position, ChunkLog.StoredChunks> entry = record(chunk.id());
      byte[] intact = entry.getValue().stored().array();
      for (int at = 0; at < intact.length; at += 1 + intact.length / 50) {
        byte[] damaged = intact.clone();
        damaged[at] ^= 1;
        replace(entry, entry.getValue().codec(), entry.getValue().table().rawLength(), damaged);
        try { // a bit of a frame's header may mean nothing; then the bytes are right
          assertArrayEquals(bytes, new ChunkReader(chunks, chunks, groups, 0).read(chunk));
        } catch (StoreException e) {
          assertEquals(ErrorCode.CORRUPT, e.code());
        }
      }
    }
  }

  @Test
  void a_record_of_another_chunk_codec_or_length_is_corrupt() {
    ChunkRef chunk = writer.put(random(new Random(23), 1_000)).chunks().get(0);
    groups.writeAll();
    ChunkRef other = writer.put(random(new Random(24), 1_000)).chunks().get(0);
    groups.writeAll();
    Map.Entry<Position, ChunkLog.StoredChunks> entry = record(chunk.id());
    ChunkLog.StoredChunks intact = entry.getValue();

    assertCorrupt(new ChunkRef(chunk.id(), 999));
    replace(entry, Compression.NONE, 1_001, intact.stored().array());
    assertCorrupt(chunk);
    replace(entry, Compression.NONE, Integer.MAX_VALUE, intact.stored().array());
    assertCorrupt(chunk);
    replace(entry, (byte) 9, 1_000, intact.stored().array());
    assertCorrupt(chunk);
    chunks.records.put(entry.getKey(), record(other.id()).getValue());
    assertCorrupt(chunk);
  }

  @Test
  void a_chunk_that_is_not_stored_is_not_found() {
    ChunkRef missing = new ChunkRef(ChunkId.of(new byte[64]), 1);
    StoreException failure =
        assertThrows(
            StoreException.class, () -> new ChunkReader(chunks, chunks, groups, 0).read(missing));
    assertEquals(ErrorCode.CHUNK_NOT_FOUND, failure.code());
  }

  @Test
  void verified_chunks_are_kept_up_to_the_bound() {
    StoredContent stored = writer.put(random(new Random(25), 3_000_000));
    groups.writeAll();
    ChunkReader cached = new ChunkReader(chunks, chunks, groups, 16 << 20);
    stored.chunks().forEach(cached::read);
    stored.chunks().forEach(cached::read);
    assertEquals(chunks.records.size(), chunks.reads.get());

    ChunkCache cache = new ChunkCache(1 << 20);
    for (ChunkRef chunk : stored.chunks()) {
      cache.put(chunk.id(), cached.read(chunk));
      cache.put(chunk.id(), cached.read(chunk));
      cache.put(chunk.id(), cached.read(chunk));
      assertTrue(cache.bytes() <= 1 << 20 && cache.bytes() > 0, cache.bytes() + " bytes");
    }
    ChunkId newest = stored.chunks().get(stored.chunks().size() - 1).id();
    assertTrue(cache.get(newest) != null && cache.get(stored.chunks().get(0).id()) == null);
  }

  @Test
  void the_neighbours_of_a_chunk_that_was_read_are_found_without_the_index() {
    StoredContent stored = writer.put(random(new Random(26), 400_000));
    groups.writeAll();
    ChunkRef first = stored.chunks().get(0);
    ChunkRef second = stored.chunks().get(1);
    ChunkReader reader = new ChunkReader(chunks, chunks, groups, 4 << 20);
    reader.read(first);
    chunks.locations.remove(second.id());

    assertEquals(second.length(), reader.read(second).length);
    assertEquals(1, chunks.reads.get());
  }

  @Test
  void going_through_everything_once_takes_the_place_of_no_chunk_that_was_read_twice() {
    ChunkCache cache = new ChunkCache(1 << 20);
    ChunkId again = Sha512.chunkId(new byte[] {1}, 0, 1);
    ChunkId small = Sha512.chunkId(new byte[] {2}, 0, 1);
    cache.put(small, new byte[100]);
    cache.put(again, new byte[Limits.MIN_CHUNK_BYTES]);
    assertTrue(cache.get(small) != null && cache.get(again) == null);
    cache.put(again, new byte[Limits.MIN_CHUNK_BYTES]);
    for (int i = 0; i < 100; i++) {
      byte[] chunk = random(new Random(i), Limits.MAX_CHUNK_BYTES);
      cache.put(Sha512.chunkId(chunk, 0, chunk.length), chunk);
    }
    assertTrue(cache.get(small) != null && cache.get(again) != null);
  }

  @Test
  void content_is_not_readable_once_its_snapshot_is_closed() {
    StoredContent stored = writer.put(new byte[1_000]);
    Content content =
        new StoredContentReader(
            new ChunkReader(chunks, chunks, groups, 1 << 20),
            stored,
            () -> {
              throw new StoreException(ErrorCode.CLOSED, "the snapshot is closed");
            });

    StoreException failure = assertThrows(StoreException.class, () -> content.stream().read());
    assertEquals(ErrorCode.CLOSED, failure.code());
  }

  private Content content(StoredContent stored, long cacheBytes) {
    return new StoredContentReader(
        new ChunkReader(chunks, chunks, groups, cacheBytes), stored, () -> {});
  }

  private void assertCorrupt(ChunkRef chunk) {
    StoreException failure =
        assertThrows(
            StoreException.class, () -> new ChunkReader(chunks, chunks, groups, 0).read(chunk));
    assertEquals(ErrorCode.CORRUPT, failure.code());
  }

  private Map.Entry<Position, ChunkLog.StoredChunks> record(ChunkId id) {
    ChunkLocation location = chunks.locations.get(id);
    return chunks.records.entrySet().stream()
        .filter(entry -> location != null && entry.getKey().equals(location.position()))
        .findFirst()
        .orElseThrow();
  }

  private void replace(
      Map.Entry<Position, ChunkLog.StoredChunks> entry, byte codec, int rawLength, byte[] stored) {
    ChunkId id = entry.getValue().table().entries().get(0).id();
    chunks.records.put(
        entry.getKey(),
        new ChunkLog.StoredChunks(
            new GroupTable(List.of(new GroupTable.Entry(id, 0, rawLength)), rawLength),
            codec,
            ByteBuffer.wrap(stored)));
  }

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
