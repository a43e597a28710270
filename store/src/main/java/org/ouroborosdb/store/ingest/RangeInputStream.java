package org.ouroborosdb.store.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A stream over a range of content, whoever puts its bytes together. Its failures are
 * StoreExceptions. For one thread.
 */
public abstract class RangeInputStream extends InputStream {
  private final byte[] one = new byte[1];
  private final long end;
  private long at;
  private boolean closed;

  /** Starts at {@code offset}; the range lies within the content. */
  protected RangeInputStream(long offset, long length) {
    at = offset;
    end = offset + length;
  }

  /** Reads as many bytes as asked from a place in the content; there are as many. */
  protected abstract void fill(long from, byte[] target, int offset, int length);

  /** Lets go of what is held for reading. */
  protected abstract void release();

  @Override
  public final int read() throws IOException {
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public final int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    requireOpen();
    if (length == 0) {
      return 0;
    }
    if (at == end) {
      return -1;
    }
    int count = (int) Math.min(length, end - at);
    fill(at, target, offset, count);
    at += count;
    return count;
  }

  @Override
  public final long skip(long count) throws IOException {
    requireOpen();
    long skipped = Math.max(0, Math.min(count, end - at));
    at += skipped;
    return skipped;
  }

  @Override
  public final int available() throws IOException {
    requireOpen();
    return (int) Math.min(Integer.MAX_VALUE, end - at);
  }

  @Override
  public final void close() {
    closed = true;
    release();
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
  }
}
