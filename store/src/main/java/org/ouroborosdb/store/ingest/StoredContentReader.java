package org.ouroborosdb.store.ingest;

import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.StoredContent;

/** Content fetched chunk by chunk through a {@link ChunkReader}. Thread-safe. */
public final class StoredContentReader implements Content {
  private final ChunkReader reader;
  private final StoredContent content;
  private final Runnable requireOpen;
  private final long[] starts; // where each chunk starts, then the length

  /**
   * Creates a view of stored content.
   *
   * @param requireOpen called at each read; throws once the content may not be read
   */
  public StoredContentReader(ChunkReader reader, StoredContent content, Runnable requireOpen) {
    this.reader = reader;
    this.content = content;
    this.requireOpen = requireOpen;
    starts = new long[content.chunks().size() + 1];
    for (int i = 0; i < content.chunks().size(); i++) {
      starts[i + 1] = starts[i] + content.chunks().get(i).length();
    }
  }

  @Override
  public long length() {
    return starts[starts.length - 1];
  }

  @Override
  public List<ChunkRef> chunks() {
    return content.chunks();
  }

  @Override
  public InputStream stream(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, length());
    return new ContentInputStream(this, offset, length);
  }

  @Override
  public byte[] read(long offset, int length) {
    Objects.checkFromIndexSize(offset, length, length());
    byte[] bytes = new byte[length];
    ContentInputStream stream = new ContentInputStream(this, offset, length);
    stream.fill(offset, bytes, 0, length);
    return bytes;
  }

  /** Returns the number of the chunk that a byte before the end lies in. */
  int chunkAt(long offset) {
    int found = Arrays.binarySearch(starts, offset);
    return found >= 0 ? found : -found - 2;
  }

  /** Returns where a chunk starts. */
  long startOf(int chunk) {
    return starts[chunk];
  }

  /** Returns the verified bytes of a chunk, which others share. */
  byte[] load(int chunk) {
    requireOpen();
    return reader.read(content.chunks().get(chunk));
  }

  void requireOpen() {
    requireOpen.run();
  }
}
