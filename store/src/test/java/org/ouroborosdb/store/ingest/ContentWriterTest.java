package org.ouroborosdb.store.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.segment.GroupTable;

class ContentWriterTest {
  private static final int BLOCK = BlockPool.BLOCK_BYTES;

  private final MemoryChunks chunks = new MemoryChunks();
  private final ChunkGroups groups = new ChunkGroups(chunks, chunks);
  private final ContentWriter writer = new ContentWriter(groups);

  @AfterEach
  void close() {
    writer.close();
  }

  @Test
  void content_of_any_length_comes_back_from_streams_that_give_it_in_any_pieces() {
    long seed = 5;
    System.out.println("content_of_any_length_comes_back: seed " + seed);
    Random random = new Random(seed);
    int min = Limits.MIN_CHUNK_BYTES;
    int max = Limits.MAX_CHUNK_BYTES;
    for (int length :
        new int[] {
          0,
          1,
          min - 1,
          min,
          min + 1,
          max - 1,
          max,
          max + 1,
          BLOCK - 1,
          BLOCK,
          BLOCK + 1,
          3 * BLOCK,
          4 * BLOCK + 7,
          random.nextInt(9_000_000),
          20 << 20
        }) {
      byte[] bytes = random(random, length);
      StoredContent inMemory = writer.put(bytes);
      StoredContent streamed = put(new Dribble(bytes, random));

      assertEquals(length, streamed.length());
      assertEquals(inMemory, streamed);
      assertArrayEquals(bytes, reader(1 << 20).read(0, length, streamed));
    }
  }

  @Test
  void empty_content_has_no_chunks() {
    assertSame(StoredContent.EMPTY, writer.put(new byte[0]));
    assertEquals(StoredContent.EMPTY, put(InputStream.nullInputStream()));
    assertEquals(0, chunks.appends.get());
  }

  @Test
  void what_is_stored_is_not_stored_again() {
    byte[] bytes = random(new Random(6), 5_000_000);
    StoredContent first = put(new ByteArrayInputStream(bytes));

    assertEquals(first, put(new ByteArrayInputStream(bytes))); // partly still pending
    groups.writeAll();
    assertEquals(first, writer.put(bytes));
    groups.writeAll();
    assertEquals(first.chunks().size(), chunks.appendedChunks.get());
  }

  @Test
  void equal_chunks_that_arrive_at_once_are_stored_once() throws Exception {
    byte[] bytes = random(new Random(7), 6_000_000);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<StoredContent>> puts = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        boolean streamed = i % 2 == 0;
        puts.add(
            threads.submit(
                () -> {
                  start.await();
                  return streamed ? put(new ByteArrayInputStream(bytes)) : writer.put(bytes);
                }));
      }
      start.countDown();
      StoredContent expected = writer.put(bytes);
      for (Future<StoredContent> put : puts) {
        assertEquals(expected, put.get());
      }
      groups.writeAll();
      assertEquals(expected.chunks().size(), chunks.appendedChunks.get());
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void at_most_8_mib_are_in_flight_half_of_them_in_groups() {
    AtomicLong delivered = new AtomicLong();
    AtomicLong mostInFlight = new AtomicLong();
    MemoryChunks watched =
        new MemoryChunks() {
          @Override
          public void append(GroupTable table, byte codec, ByteBuffer stored) {
            long inFlight = delivered.get() - appendedBytes.get();
            mostInFlight.accumulateAndGet(inFlight, Math::max);
            super.append(table, codec, stored);
          }
        };
    InputStream stream = new ByteArrayInputStream(random(new Random(8), 64 << 20));
    try (ContentWriter bounded = new ContentWriter(new ChunkGroups(watched, watched))) {
      bounded.put(stream, Cancellation.create(), (done, total) -> delivered.set(done));
    }
    assertTrue(mostInFlight.get() <= 8 << 20, mostInFlight + " bytes in flight");
  }

  @Test
  void a_cancelled_put_ends_and_the_next_one_works() {
    Cancellation cancellation = Cancellation.create();
    InputStream endless = endless();
    ProgressListener progress =
        (done, total) -> {
          assertEquals(-1, total);
          if (done > 10 << 20) {
            cancellation.cancel();
          }
        };

    assertCode(ErrorCode.CANCELLED, () -> writer.put(endless, cancellation, progress));
    assertEquals(1_000, writer.put(new byte[1_000]).length());
    assertEquals(5_000_000, put(new ByteArrayInputStream(new byte[5_000_000])).length());
  }

  @Test
  void an_interrupt_cancels_a_put_and_stays_set() {
    Thread.currentThread().interrupt();
    assertCode(ErrorCode.CANCELLED, () -> put(new ByteArrayInputStream(new byte[8_000_000])));
    assertTrue(Thread.interrupted());
  }

  @Test
  void progress_is_the_bytes_read_and_never_goes_back() {
    List<Long> reports = new ArrayList<>();
    writer.put(
        new ByteArrayInputStream(new byte[3_000_000]),
        Cancellation.create(),
        (done, total) -> reports.add(done));

    assertEquals(reports.stream().sorted().toList(), reports);
    assertEquals(3_000_000L, reports.get(reports.size() - 1));
  }

  @Test
  void a_stream_that_fails_is_an_io_failure_wherever_it_fails() {
    for (int after : new int[] {0, 1, BLOCK, 5 * BLOCK}) {
      InputStream failing =
          new FilterInputStream(new ByteArrayInputStream(random(new Random(after), after))) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
              int count = super.read(target, offset, length);
              if (count < 0) {
                throw new IOException("the cable is out");
              }
              return count;
            }
          };
      StoreException failure = assertThrows(StoreException.class, () -> put(failing));
      assertEquals(ErrorCode.IO_FAILED, failure.code());
      assertTrue(String.valueOf(failure.getCause()).contains("the cable is out"));
    }
  }

  @Test
  void a_stream_that_breaks_the_contract_of_read_does_no_harm() {
    InputStream liar =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            return length + 1;
          }
        };
    assertCode(ErrorCode.IO_FAILED, () -> put(liar));
    byte[] bytes = random(new Random(9), 700_000);
    InputStream lazy =
        new FilterInputStream(new ByteArrayInputStream(bytes)) {
          private boolean zero;

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            zero = !zero;
            return zero ? 0 : super.read(target, offset, Math.min(length, 1_000));
          }
        };
    assertEquals(writer.put(bytes), put(lazy));
  }

  @Test
  void a_full_disk_ends_every_put_that_meets_it_and_a_later_one_works() {
    chunks.appendsUntilFull = 3;
    byte[] bytes = random(new Random(10), 6_000_000);
    assertCode(ErrorCode.DISK_FULL, () -> put(new ByteArrayInputStream(bytes)));
    assertCode(ErrorCode.DISK_FULL, () -> writer.put(bytes));

    chunks.appendsUntilFull = Integer.MAX_VALUE;

    StoredContent stored = put(new ByteArrayInputStream(bytes));
    assertArrayEquals(bytes, reader(0).read(0, bytes.length, stored));
  }

  @Test
  void the_caller_s_stream_stays_open() {
    boolean[] closed = new boolean[1];
    put(
        new ByteArrayInputStream(new byte[2_000_000]) {
          @Override
          public void close() {
            closed[0] = true;
          }
        });
    assertFalse(closed[0]);
  }

  @Test
  void a_closed_writer_refuses() {
    writer.close();
    assertCode(ErrorCode.CLOSED, () -> writer.put(new byte[1]));
    assertCode(ErrorCode.CLOSED, () -> put(InputStream.nullInputStream()));
  }

  @Test
  void a_put_under_way_at_the_close_ends_with_closed() {
    InputStream closing =
        new FilterInputStream(endless()) {
          private int reads;

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            if (++reads == 10) {
              writer.close();
            }
            return super.read(target, offset, length);
          }
        };
    assertCode(ErrorCode.CLOSED, () -> put(closing));
  }

  private StoredContent put(InputStream bytes) {
    return writer.put(bytes, Cancellation.create(), ProgressListener.NONE);
  }

  /** Reads stored content anew. */
  private interface Reading {
    byte[] read(long offset, int length, StoredContent content);
  }

  private Reading reader(long cacheBytes) {
    ChunkReader reader = new ChunkReader(chunks, chunks, groups, cacheBytes);
    return (offset, length, content) ->
        new StoredContentReader(reader, content, () -> {}).read(offset, length);
  }

  private static InputStream endless() {
    Random random = new Random(11);
    return new InputStream() {
      @Override
      public int read() {
        return random.nextInt(256);
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        byte[] bytes = random(random, length);
        System.arraycopy(bytes, 0, target, offset, length);
        return length;
      }
    };
  }

  private static void assertCode(ErrorCode code, Runnable call) {
    assertEquals(code, assertThrows(StoreException.class, call::run).code());
  }

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Gives its bytes in pieces of random length. */
  private static final class Dribble extends FilterInputStream {
    private final Random random;

    Dribble(byte[] bytes, Random random) {
      super(new ByteArrayInputStream(bytes));
      this.random = random;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return super.read(target, offset, Math.min(length, 1 + random.nextInt(100_000)));
    }
  }
}
