package org.ouroborosdb.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A BLOB in memory: of a computed value, or made by {@code createBlob} to be filled. */
final class BytesBlob extends ReadOnlyBlob {
  private byte[] bytes;

  BytesBlob(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  long contentLength() {
    return bytes.length;
  }

  @Override
  byte[] read(long offset, int length) {
    return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
  }

  @Override
  InputStream stream(long offset, long length) {
    return new ByteArrayInputStream(bytes, (int) offset, (int) length);
  }

  @Override
  public int setBytes(long position, byte @Nullable [] source) throws SQLException {
    if (source == null) {
      throw Errors.of("HY009", "the bytes are null");
    }
    return setBytes(position, source, 0, source.length);
  }

  @Override
  public int setBytes(long position, byte @Nullable [] source, int offset, int length)
      throws SQLException {
    if (source == null) {
      throw Errors.of("HY009", "the bytes are null");
    }
    if (position < 1
        || position > bytes.length + 1L
        || offset < 0
        || length < 0
        || offset > source.length - length) {
      throw Errors.of("22003", "position " + position + " or length is out of range");
    }
    int at = (int) position - 1;
    bytes = Arrays.copyOf(bytes, Math.max(bytes.length, Math.addExact(at, length)));
    System.arraycopy(source, offset, bytes, at, length);
    return length;
  }

  @Override
  public OutputStream setBinaryStream(long position) throws SQLException {
    if (position < 1 || position > bytes.length + 1L) {
      throw Errors.of("22003", "position " + position + " is out of range");
    }
    return new OutputStream() {
      private long at = position;

      @Override
      public void write(int b) throws java.io.IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws java.io.IOException {
        try {
          at += setBytes(at, source, offset, length);
        } catch (SQLException e) {
          throw new java.io.IOException(e);
        }
      }
    };
  }

  @Override
  public void truncate(long length) throws SQLException {
    if (length < 0 || length > bytes.length) {
      throw Errors.of("22003", "length " + length + " is out of range");
    }
    bytes = Arrays.copyOf(bytes, (int) length);
  }
}
