package org.ouroborosdb.store.ingest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.chunking.Chunker;

/**
 * Stores one long content: this thread reads and cuts while workers hash, look up, compress and
 * append. At most {@link BlockPool#mostBlocks} blocks are in memory. For one thread, once.
 */
final class Ingestion {
  private final BlockSource source;
  private final BlockPool pool;
  private final ChunkGroups groups;
  private final ChunkGroups.Put put;
  private final ExecutorService workers;
  private final ArrayDeque<Batch> underWay = new ArrayDeque<>();
  private final List<ChunkRef> stored = new ArrayList<>();
  private int chunkCount;
  private volatile boolean abandoned;

  Ingestion(
      BlockSource source,
      BlockPool pool,
      ChunkGroups groups,
      ChunkGroups.Put put,
      ExecutorService workers) {
    this.source = source;
    this.pool = pool;
    this.groups = groups;
    this.put = put;
    this.workers = workers;
  }

  /**
   * A block and its chunks. One worker stores them all, so that it is woken once for some eight.
   */
  private static final class Batch {
    final byte[] block;
    final Future<List<ChunkRef>> chunks;

    Batch(byte[] block, Future<List<ChunkRef>> chunks) {
      this.block = block;
      this.chunks = chunks;
    }
  }

  /** Where a chunk lies in a block. */
  private record Cut(int offset, int length) {}

  /** Stores a first block, which is full, and all that the source has behind it. */
  StoredContent run(byte[] firstBlock) {
    byte[] block = firstBlock;
    int filled = firstBlock.length;
    try {
      while (true) {
        int cut = cutAndSubmit(block, filled);
        if (source.ended()) {
          break;
        }
        if (underWay.size() == pool.mostBlocks() - 1) {
          awaitOldest();
        }
        byte[] next = pool.take();
        System.arraycopy(block, cut, next, 0, filled - cut);
        filled = source.fill(next, filled - cut);
        block = next;
      }
      while (!underWay.isEmpty()) {
        awaitOldest();
      }
      return new StoredContent(stored);
    } finally {
      // Only after a failure is anything left. Its blocks, still in use, go to the collector.
      abandoned = true;
      underWay.forEach(batch -> batch.chunks.cancel(false));
    }
  }

  /** Hands the whole chunks of a block to a worker, and returns where the rest starts. */
  private int cutAndSubmit(byte[] block, int filled) {
    List<Cut> cuts = new ArrayList<>();
    int at = 0;
    while (filled - at >= Limits.MAX_CHUNK_BYTES || (source.ended() && at < filled)) {
      int length = Chunker.cut(block, at, filled - at);
      ContentWriter.requireChunkCount(++chunkCount);
      cuts.add(new Cut(at, length));
      at += length;
    }
    try {
      underWay.add(new Batch(block, workers.submit(() -> store(block, cuts))));
    } catch (RejectedExecutionException e) {
      throw new StoreException(ErrorCode.CLOSED, "the store was closed during a put", e);
    }
    return at;
  }

  private List<ChunkRef> store(byte[] block, List<Cut> cuts) {
    List<ChunkRef> chunks = new ArrayList<>(cuts.size());
    for (Cut cut : cuts) {
      if (abandoned) {
        break;
      }
      chunks.add(groups.store(block, cut.offset(), cut.length(), put));
    }
    return chunks;
  }

  private void awaitOldest() {
    Batch oldest = underWay.getFirst();
    try {
      stored.addAll(oldest.chunks.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(ErrorCode.CANCELLED, "a put was interrupted", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
    underWay.removeFirst();
    pool.give(oldest.block);
  }

  private static StoreException failure(@Nullable Throwable cause) {
    if (cause instanceof StoreException store) {
      return new StoreException(store.code(), String.valueOf(store.getMessage()), store);
    }
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException runtime) {
      throw runtime;
    }
    throw new AssertionError("storing a chunk throws nothing checked", cause);
  }
}
