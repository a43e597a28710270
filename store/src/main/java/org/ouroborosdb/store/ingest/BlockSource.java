package org.ouroborosdb.store.ingest;

import java.io.IOException;
import java.io.InputStream;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;

/** Reads a caller's stream into blocks. For one thread. */
final class BlockSource {
  /** A channel's stream keeps a native buffer as long as the longest read of each thread. */
  private static final int MOST_READ_BYTES = 128 << 10;

  private final InputStream in;
  private final Cancellation cancellation;
  private final ProgressListener progress;
  private long bytesRead;
  private boolean ended;

  BlockSource(InputStream in, Cancellation cancellation, ProgressListener progress) {
    this.in = in;
    this.cancellation = cancellation;
    this.progress = progress;
  }

  /** Reads behind the bytes already in a block until it is full or the stream ends. */
  int fill(byte[] block, int filled) {
    int at = filled;
    while (at < block.length && !ended) {
      cancellation.check();
      int count = readSome(block, at);
      if (count < 0) {
        ended = true;
      } else {
        at += count;
        bytesRead += count;
        progress.progress(bytesRead, -1);
      }
    }
    return at;
  }

  boolean ended() {
    return ended;
  }

  private int readSome(byte[] block, int at) {
    try {
      int room = Math.min(MOST_READ_BYTES, block.length - at);
      int count = in.read(block, at, room);
      if (count > room) {
        throw new IOException("read() returned " + count + " for " + room + " bytes");
      }
      if (count != 0) {
        return count;
      }
      int one = in.read(); // against its contract the stream gave nothing: block for a byte
      if (one < 0) {
        return -1;
      }
      block[at] = (byte) one;
      return 1;
    } catch (IOException e) {
      throw new StoreException(
          ErrorCode.IO_FAILED,
          "the stream to be stored failed after " + bytesRead + " bytes: " + e.getMessage(),
          e);
    }
  }
}
