package org.ouroborosdb.jdbc;

import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Blob;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A BLOB whose bytes do not change. Positions count from 1, as JDBC has it. */
abstract class ReadOnlyBlob implements Blob {
  /** The bytes read at a time when one BLOB is looked for in another. */
  private static final int MAX_PATTERN_BYTES = 1 << 20;

  private volatile boolean freed;

  abstract long contentLength();

  abstract byte[] read(long offset, int count);

  abstract InputStream stream(long offset, long count);

  final void requireValid() throws SQLException {
    if (freed) {
      throw Errors.of("HY000", "the BLOB was freed");
    }
  }

  @Override
  public long length() throws SQLException {
    requireValid();
    return contentLength();
  }

  @Override
  public byte[] getBytes(long position, int length) throws SQLException {
    requireValid();
    if (position < 1 || length < 0 || position > contentLength() + 1) {
      throw Errors.of("22003", "position " + position + ", length " + length + " is out of range");
    }
    int available = (int) Math.min(length, contentLength() - position + 1);
    return Errors.guard(() -> read(position - 1, available));
  }

  @Override
  public InputStream getBinaryStream() throws SQLException {
    requireValid();
    return Errors.guard(() -> stream(0, contentLength()));
  }

  @Override
  public InputStream getBinaryStream(long position, long length) throws SQLException {
    requireValid();
    if (position < 1 || length < 0 || position - 1 > contentLength() - length) {
      throw Errors.of("22003", "position " + position + ", length " + length + " is out of range");
    }
    return Errors.guard(() -> stream(position - 1, length));
  }

  @Override
  public long position(byte @Nullable [] pattern, long start) throws SQLException {
    requireValid();
    if (start < 1 || pattern == null) {
      throw Errors.of("22003", "start " + start + " is below 1, or the pattern is null");
    }
    if (pattern.length == 0) {
      return start <= contentLength() + 1 ? start : -1;
    }
    if (pattern.length > MAX_PATTERN_BYTES) {
      throw Errors.of("54000", "the pattern is longer than " + MAX_PATTERN_BYTES + " bytes");
    }
    int window = Math.max(64 << 10, 2 * pattern.length);
    for (long at = start - 1; at <= contentLength() - pattern.length; ) {
      byte[] bytes = getBytes(at + 1, (int) Math.min(window, contentLength() - at));
      for (int i = 0; i + pattern.length <= bytes.length; i++) {
        if (Arrays.equals(bytes, i, i + pattern.length, pattern, 0, pattern.length)) {
          return at + i + 1;
        }
      }
      at += bytes.length - pattern.length + 1;
    }
    return -1;
  }

  @Override
  public long position(@Nullable Blob pattern, long start) throws SQLException {
    if (pattern == null) {
      throw Errors.of("HY009", "the pattern is null");
    }
    if (pattern.length() > MAX_PATTERN_BYTES) {
      throw Errors.of("54000", "the pattern is longer than " + MAX_PATTERN_BYTES + " bytes");
    }
    return position(pattern.getBytes(1, (int) pattern.length()), start);
  }

  @Override
  public int setBytes(long position, byte @Nullable [] source) throws SQLException {
    throw readOnly();
  }

  @Override
  public int setBytes(long position, byte @Nullable [] source, int offset, int count)
      throws SQLException {
    throw readOnly();
  }

  @Override
  public OutputStream setBinaryStream(long position) throws SQLException {
    throw readOnly();
  }

  @Override
  public void truncate(long count) throws SQLException {
    throw readOnly();
  }

  private static SQLException readOnly() {
    return Errors.unsupported("changing a BLOB");
  }

  @Override
  public void free() {
    freed = true;
  }
}
