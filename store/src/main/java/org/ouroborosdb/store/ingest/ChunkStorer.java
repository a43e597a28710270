package org.ouroborosdb.store.ingest;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.identity.Sha512;
import org.ouroborosdb.store.segment.ChunkIndex;

/** Stores one chunk unless it is stored, once even if several threads bring it. Thread-safe. */
final class ChunkStorer {
  private final ChunkLog log;
  private final ChunkIndex index;
  private final ConcurrentHashMap<ChunkId, CountDownLatch> underWay = new ConcurrentHashMap<>();

  ChunkStorer(ChunkLog log, ChunkIndex index) {
    this.log = log;
    this.index = index;
  }

  /** Hashes a chunk, looks it up, and stores it if it is new. */
  ChunkRef store(byte[] bytes, int offset, int length) {
    ChunkId id = Sha512.chunkId(bytes, offset, length);
    while (index.find(id) == null) {
      CountDownLatch done = new CountDownLatch(1);
      CountDownLatch other = underWay.putIfAbsent(id, done);
      if (other != null) {
        awaitUninterruptibly(other); // look again: the other thread may have failed
        continue;
      }
      try {
        if (index.find(id) == null) {
          append(id, ByteBuffer.wrap(bytes, offset, length));
        }
        break;
      } finally {
        underWay.remove(id);
        done.countDown();
      }
    }
    return new ChunkRef(id, length);
  }

  private void append(ChunkId id, ByteBuffer raw) {
    Compression.Stored stored = Compression.compress(raw);
    log.append(id, stored.codec(), raw.remaining(), stored.bytes());
  }

  /** The wait is for one chunk's compression and write, so an interrupt can be seen after it. */
  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
