package org.ouroborosdb.store.ingest;

/** A stream over a range of stored content, chunk by chunk. For one thread. */
final class ContentInputStream extends RangeInputStream {
  private final StoredContentReader content;
  private byte[] chunk = {}; // the bytes from chunkStart on, so that small reads look up nothing
  private long chunkStart;

  ContentInputStream(StoredContentReader content, long offset, long length) {
    super(offset, length);
    this.content = content;
  }

  /** Reads over the ends of chunks. */
  @Override
  protected void fill(long from, byte[] target, int offset, int length) {
    content.requireOpen();
    int done = 0;
    while (done < length) {
      long inChunk = from + done - chunkStart;
      if (inChunk < 0 || inChunk >= chunk.length) {
        int number = content.chunkAt(from + done);
        chunk = content.load(number);
        chunkStart = content.startOf(number);
        inChunk = from + done - chunkStart;
      }
      int count = (int) Math.min(length - done, chunk.length - inChunk);
      System.arraycopy(chunk, (int) inChunk, target, offset + done, count);
      done += count;
    }
  }

  @Override
  protected void release() {
    chunk = new byte[0];
  }
}
