package org.ouroborosdb.store;

import java.io.InputStream;
import java.util.List;

/**
 * The bytes of a content or metadata, fetched chunk by chunk as they are read, each chunk verified
 * against its SHA-512 before any byte of it is handed out. Thread-safe; valid while its snapshot is
 * open.
 */
public interface Content {
  /** Returns the length in bytes. */
  long length();

  /**
   * Returns the chunks in order; none if they are not the content, as with a PATCH, whose bytes are
   * made as they are read.
   */
  List<ChunkRef> chunks();

  /** Returns a new stream over all the bytes; its failures are {@link StoreException}s. */
  default InputStream stream() {
    return stream(0, length());
  }

  /**
   * Returns a new stream over a range of bytes, which reads only the chunks the range touches.
   *
   * @param offset the first byte, 0 to {@code length()}
   * @param length the number of bytes; the range must lie within the content
   * @throws IndexOutOfBoundsException if it does not
   */
  InputStream stream(long offset, long length);

  /**
   * Reads a range of bytes at once.
   *
   * @throws IndexOutOfBoundsException if the range does not lie within the content
   */
  byte[] read(long offset, int length);

  /**
   * Reads all the bytes.
   *
   * @param maxBytes the most to read
   * @throws StoreException {@link ErrorCode#LIMIT_EXCEEDED} if there are more
   */
  default byte[] readAll(int maxBytes) {
    if (length() > maxBytes) {
      throw new StoreException(
          ErrorCode.LIMIT_EXCEEDED,
          "content of "
              + length()
              + " bytes is over the limit of "
              + maxBytes
              + "; read it as a stream");
    }
    return read(0, (int) length());
  }
}
