package org.ouroborosdb.store.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A stream over a range of stored content. Its failures are StoreExceptions. For one thread. */
final class ContentInputStream extends InputStream {
  private final StoredContentReader content;
  private final byte[] one = new byte[1];
  private long at;
  private final long end;
  private boolean closed;

  ContentInputStream(StoredContentReader content, long offset, long length) {
    this.content = content;
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
    requireOpen();
    if (length == 0) {
      return 0;
    }
    if (at == end) {
      return -1;
    }
    int done = 0; // fills the target over chunk ends: callers expect full reads before the end
    while (done < length && at < end) {
      int most = (int) Math.min(length - done, end - at);
      int count = content.readSome(at, target, offset + done, most);
      done += count;
      at += count;
    }
    return done;
  }

  @Override
  public long skip(long count) throws IOException {
    requireOpen();
    long skipped = Math.max(0, Math.min(count, end - at));
    at += skipped;
    return skipped;
  }

  @Override
  public int available() throws IOException {
    requireOpen();
    return (int) Math.min(Integer.MAX_VALUE, end - at);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
  }
}
