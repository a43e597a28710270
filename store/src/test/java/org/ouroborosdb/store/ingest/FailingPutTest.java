package org.ouroborosdb.store.ingest;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.segment.ChunkLocation;

/** What goes wrong in a worker of a long put arrives at its caller as what it is. */
class FailingPutTest {
  /** An index that fails. */
  private static final class Failing extends MemoryChunks {
    private final Throwable failure;

    Failing(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public @Nullable ChunkLocation find(ChunkId id) {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
  }

  private static void put(MemoryChunks chunks) {
    byte[] bytes = new byte[4 << 20];
    new Random(3).nextBytes(bytes);
    try (ContentWriter writer = new ContentWriter(new ChunkGroups(chunks, chunks))) {
      writer.put(new ByteArrayInputStream(bytes), Cancellation.create(), ProgressListener.NONE);
    }
  }

  @Test
  void mistakes_arrive_as_they_are_and_failures_with_their_code() {
    for (Throwable failure : List.of(new IllegalStateException("x"), new StackOverflowError())) {
      assertSame(failure, assertThrows(failure.getClass(), () -> put(new Failing(failure))));
    }
    StoreException full = new StoreException(ErrorCode.DISK_FULL, "no space");
    StoreException arrived = assertThrows(StoreException.class, () -> put(new Failing(full)));
    assertEquals(ErrorCode.DISK_FULL, arrived.code());
    assertSame(full, arrived.getCause());
  }

  @Test
  void a_content_has_a_most_of_chunks() {
    assertDoesNotThrow(() -> ContentWriter.requireChunkCount(Limits.MAX_CHUNKS_PER_CONTENT));
    StoreException refused =
        assertThrows(
            StoreException.class,
            () -> ContentWriter.requireChunkCount(Limits.MAX_CHUNKS_PER_CONTENT + 1));
    assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
  }

  @Test
  void an_interrupt_does_not_keep_a_writer_from_closing_and_is_not_forgotten() {
    MemoryChunks chunks = new MemoryChunks();
    ContentWriter writer = new ContentWriter(new ChunkGroups(chunks, chunks));
    Thread.currentThread().interrupt();
    writer.close();
    assertTrue(Thread.interrupted());
    StoreException closed = assertThrows(StoreException.class, () -> writer.put(new byte[9]));
    assertEquals(ErrorCode.CLOSED, closed.code());
  }
}
