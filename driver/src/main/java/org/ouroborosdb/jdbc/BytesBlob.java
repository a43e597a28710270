package org.ouroborosdb.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A BLOB in memory: of a computed value, or made by {@code createBlob} to be filled. */
final class BytesBlob extends ReadOnlyBlob {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private byte[] bytes;
  private int length;

  BytesBlob(byte[] bytes) {
    this.bytes = bytes;
    this.length = bytes.length;
  }

  @Override
  synchronized long contentLength() {
    return length;
  }

  @Override
  synchronized byte[] read(long offset, int count) {
    return Arrays.copyOfRange(bytes, (int) offset, (int) offset + count);
  }

  /** A stream over the bytes as they are now. */
  @Override
  synchronized InputStream stream(long offset, long count) {
    return new ByteArrayInputStream(read(offset, (int) count));
  }

  @Override
  public int setBytes(long position, byte @Nullable [] source) throws SQLException {
    return setBytes(position, source, 0, source == null ? 0 : source.length);
  }

  @Override
  public synchronized int setBytes(long position, byte @Nullable [] source, int offset, int count)
      throws SQLException {
    requireValid();
    if (source == null) {
      throw Errors.of("HY009", "the bytes are null");
    }
    if (position < 1
        || position > length + 1L
        || offset < 0
        || count < 0
        || offset > source.length - count) {
      throw Errors.of("22003", "position " + position + " or length is out of range");
    }
    int at = (int) position - 1;
    if (count > MAX_BYTES - at) {
      throw Errors.of("54000", "a BLOB in memory holds at most " + MAX_BYTES + " bytes");
    }
    if (at + count > bytes.length) {
      int wanted = (int) Math.min(MAX_BYTES, Math.max(at + count, bytes.length * 2L));
      bytes = Errors.guard(() -> Arrays.copyOf(bytes, wanted));
    }
    System.arraycopy(source, offset, bytes, at, count);
    length = Math.max(length, at + count);
    return count;
  }

  @Override
  public OutputStream setBinaryStream(long position) throws SQLException {
    requireValid();
    if (position < 1 || position > contentLength() + 1) {
      throw Errors.of("22003", "position " + position + " is out of range");
    }
    return new OutputStream() {
      private long at = position;

      @Override
      public void write(int b) throws java.io.IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] source, int offset, int count) throws java.io.IOException {
        try {
          at += setBytes(at, source, offset, count);
        } catch (SQLException e) {
          throw new java.io.IOException(e);
        }
      }
    };
  }

  @Override
  public synchronized void truncate(long count) throws SQLException {
    requireValid();
    if (count < 0 || count > length) {
      throw Errors.of("22003", "length " + count + " is out of range");
    }
    length = (int) count;
  }
}
