package org.ouroborosdb.store.ingest;

import java.io.Closeable;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.chunking.Chunker;

/**
 * Turns bytes into stored chunks. Thread-safe.
 *
 * <p>Content shorter than a block (512 KiB) is stored on the caller's thread; the rest of longer
 * content by two workers, which all callers share and which end after some idle seconds. A call has
 * at most four groups' bytes in flight, and no lock is held while its stream is read.
 */
public final class ContentWriter implements Closeable {
  private static final int WORKERS = 2;
  private static final int IDLE_SECONDS = 5;

  private final BlockPool pool;
  private final ChunkGroups groups;
  private final ExecutorService workers = workers();
  private volatile boolean closed;

  /** Creates a writer that puts new chunks into these groups. */
  public ContentWriter(ChunkGroups groups) {
    this.groups = groups;
    pool = new BlockPool(groups.groupBytes());
  }

  /**
   * Stores a stream to its end, and leaves it open.
   *
   * @param cancellation asked before each read
   * @param progress told, on this thread, the bytes read so far
   * @throws StoreException {@link ErrorCode#IO_FAILED} if the stream fails; {@link
   *     ErrorCode#LIMIT_EXCEEDED} for more than {@link Limits#MAX_CHUNKS_PER_CONTENT} chunks; what
   *     the log throws
   */
  public StoredContent put(
      InputStream bytes, Cancellation cancellation, ProgressListener progress) {
    requireOpen();
    BlockSource source = new BlockSource(bytes, cancellation, progress);
    byte[] block = pool.take();
    int filled = source.fill(block, 0);
    if (!source.ended()) {
      return ingest(source, block);
    }
    StoredContent content = store(block, filled);
    pool.give(block);
    return content;
  }

  private StoredContent ingest(BlockSource source, byte[] block) {
    try (ChunkGroups.Put put = groups.begin()) {
      StoredContent content = new Ingestion(source, pool, groups, put, workers).run(block);
      groups.pins().hold(content);
      return content;
    }
  }

  /** Stores bytes in memory, on this thread. */
  public StoredContent put(byte[] bytes) {
    requireOpen();
    return store(bytes, bytes.length);
  }

  /** Refuses further calls and waits for the workers. Idempotent. */
  @Override
  public void close() {
    closed = true;
    workers.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (workers.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  static void requireChunkCount(int count) {
    if (count > Limits.MAX_CHUNKS_PER_CONTENT) {
      throw new StoreException(
          ErrorCode.LIMIT_EXCEEDED,
          "content of more than " + Limits.MAX_CHUNKS_PER_CONTENT + " chunks; split it");
    }
  }

  private StoredContent store(byte[] bytes, int length) {
    if (length == 0) {
      return StoredContent.EMPTY;
    }
    List<ChunkRef> chunks = new ArrayList<>();
    int at = 0;
    try (ChunkGroups.Put put = groups.begin()) {
      while (at < length) {
        requireOpen();
        int chunk = Chunker.cut(bytes, at, length - at);
        chunks.add(groups.store(bytes, at, chunk, put));
        at += chunk;
      }
      StoredContent content = new StoredContent(chunks);
      groups.pins().hold(content);
      return content;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreException(ErrorCode.CLOSED, "the store is closed");
    }
  }

  private static ExecutorService workers() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "ouroboros-ingest-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }
}
