package org.ouroborosdb.store.patch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream over a range of patched content. Its failures are StoreExceptions. For one thread. */
final class PatchedStream extends InputStream {
  private @Nullable PatchReader reader; // null once closed
  private final byte[] one = new byte[1];
  private final long end;
  private long at;

  PatchedStream(PatchReader reader, long offset, long length) {
    this.reader = reader;
    at = offset;
    end = offset + length;
  }

  @Override
  public int read() throws IOException {
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    PatchReader open = open();
    if (length == 0) {
      return 0;
    }
    if (at == end) {
      return -1;
    }
    int count = (int) Math.min(length, end - at);
    open.read(at, target, offset, count);
    at += count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    open();
    long skipped = Math.max(0, Math.min(count, end - at));
    at += skipped;
    return skipped;
  }

  @Override
  public int available() throws IOException {
    open();
    return (int) Math.min(Integer.MAX_VALUE, end - at);
  }

  @Override
  public void close() {
    reader = null;
  }

  private PatchReader open() throws IOException {
    PatchReader open = reader;
    if (open == null) {
      throw new IOException("the stream is closed");
    }
    return open;
  }
}
