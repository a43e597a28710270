package org.ouroborosdb.store.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;

/** Records are checked beside the thread that reads them, and what a check throws arrives. */
class ChunkChecksTest {
  private static LogRecord record(ByteBuffer payload) {
    return new LogRecord(
        new Position(1, 32), RecordKind.CHUNK, (byte) 0, 3, ByteBuffer.allocate(64), payload);
  }

  private static void check(Consumer<LogRecord> check, int records) {
    ByteBuffer buffer = ByteBuffer.allocate(3);
    try (ChunkChecks checks = new ChunkChecks(2, check)) {
      for (int i = 0; i < records; i++) {
        checks.submit(record(buffer.put(0, (byte) i)));
      }
      buffer.put(0, (byte) 99); // it is the caller's again
      checks.finish();
    }
  }

  @Test
  void each_record_is_checked_once_with_the_bytes_it_had() {
    ConcurrentLinkedQueue<Byte> seen = new ConcurrentLinkedQueue<>();
    check(record -> seen.add(record.payload().get(0)), 50);
    byte[] sorted = new byte[50];
    List<Byte> found = seen.stream().sorted().toList();
    assertEquals(50, found.size());
    byte[] expected = new byte[50];
    for (int i = 0; i < 50; i++) {
      sorted[i] = found.get(i);
      expected[i] = (byte) i;
    }
    assertArrayEquals(expected, sorted);
  }

  @Test
  void what_a_check_throws_is_thrown_at_the_end() {
    for (Throwable thrown : List.of(new IllegalStateException("x"), new StackOverflowError())) {
      Throwable arrived =
          assertThrows(
              thrown.getClass(),
              () ->
                  check(
                      record -> {
                        if (thrown instanceof Error error) {
                          throw error;
                        }
                        throw (RuntimeException) thrown;
                      },
                      3));
      assertSame(thrown, arrived);
    }
  }

  @Test
  void an_interrupted_wait_is_a_cancellation_and_stays_one() {
    Thread.currentThread().interrupt();
    StoreException stopped =
        assertThrows(StoreException.class, () -> check(record -> awaitInterrupt(), 1));
    assertEquals(ErrorCode.CANCELLED, stopped.code());
    assertTrue(Thread.interrupted());
  }

  /** Keeps a check under way until the checks are closed. */
  private static void awaitInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
