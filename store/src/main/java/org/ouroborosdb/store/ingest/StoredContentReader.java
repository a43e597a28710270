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
   * @param requireOpen called before each chunk is read; throws once the content may not be read
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
    for (int done = 0; done < length; ) {
      done += readSome(offset + done, bytes, done, length - done);
    }
    return bytes;
  }

  /** Copies bytes from an offset, up to the end of the chunk it lies in; returns how many. */
  int readSome(long offset, byte[] target, int at, int most) {
    requireOpen.run();
    int chunk = chunkAt(offset);
    byte[] bytes = reader.read(content.chunks().get(chunk));
    int from = (int) (offset - starts[chunk]);
    int count = Math.min(most, bytes.length - from);
    System.arraycopy(bytes, from, target, at, count);
    return count;
  }

  private int chunkAt(long offset) {
    int found = Arrays.binarySearch(starts, offset);
    return found >= 0 ? found : -found - 2;
  }
}
