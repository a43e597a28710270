package org.ouroborosdb.store.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A stream over a range of stored content. Its failures are StoreExceptions. For one thread. */
final class ContentInputStream extends InputStream {
  private final StoredContentReader content;
  private final byte[] one = new byte[1];
  private final long end;
  private long at;
  private byte[] chunk = {}; // the bytes from chunkStart on, so that small reads look up nothing
  private long chunkStart;
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
    return fill(target, offset, (int) Math.min(length, end - at));
  }

  /** Reads as many bytes as asked, over the ends of chunks; there must be as many. */
  int fill(byte[] target, int offset, int length) {
    content.requireOpen();
    int done = 0;
    while (done < length) {
      long inChunk = at - chunkStart;
      if (inChunk < 0 || inChunk >= chunk.length) {
        int number = content.chunkAt(at);
        chunk = content.load(number);
        chunkStart = content.startOf(number);
        inChunk = at - chunkStart;
      }
      int count = (int) Math.min(length - done, chunk.length - inChunk);
      System.arraycopy(chunk, (int) inChunk, target, offset + done, count);
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
    chunk = new byte[0];
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
  }
}
