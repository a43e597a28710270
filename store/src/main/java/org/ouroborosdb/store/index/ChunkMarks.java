package org.ouroborosdb.store.index;

import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.StoredContent;

/**
 * Which chunks events refer to, in bounded memory: a Bloom filter of some 16 bits a chunk. One that
 * is unused is taken for used now and then, never the other way round. For one thread.
 */
public final class ChunkMarks {
  private static final int BITS_PER_CHUNK = 16;
  private static final int HASHES = 6;
  private static final long LEAST_BITS = 1 << 16;

  private final long[] words;
  private final long mask;
  private final long salt;
  private long upTo;

  /**
   * Creates marks without any.
   *
   * @param chunks how many chunks there are, roughly
   * @param mostBytes the bound on memory
   */
  public ChunkMarks(long chunks, long mostBytes, RandomGenerator random) {
    long wanted = Math.max(LEAST_BITS, Math.min(mostBytes * Byte.SIZE, chunks * BITS_PER_CHUNK));
    long bits = Long.highestOneBit(Math.max(LEAST_BITS, wanted * 2 - 1));
    bits = bits > mostBytes * Byte.SIZE ? Math.max(LEAST_BITS, bits / 2) : bits;
    words = new long[Math.toIntExact(bits / Long.SIZE)];
    mask = bits - 1;
    salt = random.nextLong();
  }

  /** Marks the chunks of the events that an index has got since the last call, hidden ones too. */
  public void update(EventIndex index, Cancellation cancellation) {
    update(index, seq -> false, cancellation);
  }

  /** Marks the chunks of the events that an index has got since the last call, but for some. */
  public void update(EventIndex index, LongPredicate without, Cancellation cancellation) {
    try {
      Cursor<Long, byte[]> rows = index.maps().rows.cursor(upTo + 1);
      while (rows.hasNext()) {
        cancellation.check();
        long seq = rows.next();
        if (!without.test(seq)) {
          IndexRow row = new IndexRow(index, seq, rows.getValue());
          mark(row.content());
          mark(row.metadata());
        }
        upTo = seq;
      }
    } catch (MVStoreException e) {
      throw index.failed("looking for the chunks in use", e);
    }
  }

  private void mark(@Nullable StoredContent content) {
    if (content != null) {
      for (ChunkRef chunk : content.chunks()) {
        long hash = start(chunk.id());
        long step = step(chunk.id());
        for (int i = 0; i < HASHES; i++, hash += step) {
          words[(int) ((hash & mask) >>> 6)] |= 1L << hash;
        }
      }
    }
  }

  /** Returns whether a chunk may be in use. */
  public boolean mayBeUsed(ChunkId id) {
    long hash = start(id);
    long step = step(id);
    for (int i = 0; i < HASHES; i++, hash += step) {
      if ((words[(int) ((hash & mask) >>> 6)] & (1L << hash)) == 0) {
        return false;
      }
    }
    return true;
  }

  // A name is a SHA-512: its parts are hashes already. The salt makes each filter err elsewhere.
  private long start(ChunkId id) {
    return ((id.longAt(0) ^ salt) * 0x9e3779b97f4a7c15L) >>> 16;
  }

  private long step(ChunkId id) {
    return id.longAt(Long.BYTES) | 1;
  }
}
