package org.ouroborosdb.store.patch;

import java.io.IOException;
import java.io.InputStream;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.chunking.Chunker;

/** Cuts a stream into chunks, one at a time. For one thread. */
final class Cuts {
  private final InputStream in;
  private final byte[] buffer = new byte[2 * Limits.MAX_CHUNK_BYTES];
  private int from;
  private int filled;
  private int length;
  private boolean ended;

  Cuts(InputStream in) {
    this.in = in;
  }

  /** Goes to the next chunk; returns whether there is one. */
  boolean next() {
    from += length;
    fill();
    length = from == filled ? 0 : Chunker.cut(buffer, from, filled - from);
    return length > 0;
  }

  /** Reads on, so that the next chunk is whole; returns whether all the rest is in the buffer. */
  boolean fill() {
    if (filled - from <= Limits.MAX_CHUNK_BYTES && !ended) {
      System.arraycopy(buffer, from, buffer, 0, filled - from);
      filled -= from;
      from = 0;
      try {
        int count = in.readNBytes(buffer, filled, buffer.length - filled);
        ended = count < buffer.length - filled;
        filled += count;
      } catch (IOException e) {
        throw new StoreException(ErrorCode.IO_FAILED, "the stream to be stored failed", e);
      }
    }
    return ended;
  }

  /** Returns how many bytes the buffer has from the chunk on. */
  int available() {
    return filled - from;
  }

  /** Returns the array that the chunk lies in, until the next call. */
  byte[] bytes() {
    return buffer;
  }

  int offset() {
    return from;
  }

  int length() {
    return length;
  }
}
