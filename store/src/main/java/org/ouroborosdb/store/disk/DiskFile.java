package org.ouroborosdb.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file. Reads and writes at positions are thread-safe; writes do not overlap. */
public interface DiskFile extends Closeable {
  /** Reads up to the buffer's remaining bytes from a position; -1 at or after the end. */
  int read(ByteBuffer target, long position) throws IOException;

  /** Writes all of the buffer's remaining bytes at a position. */
  void write(ByteBuffer source, long position) throws IOException;

  /** Makes everything written durable. */
  void force() throws IOException;

  /** Returns the length in bytes. */
  long size() throws IOException;

  /** Cuts the file to a length. */
  void truncate(long length) throws IOException;

  /** Reads a range that must exist. */
  default void readFully(ByteBuffer target, long position) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int n = read(target, at);
      if (n < 0) {
        throw new java.io.EOFException("the file ends at " + at);
      }
      at += n;
    }
  }
}
