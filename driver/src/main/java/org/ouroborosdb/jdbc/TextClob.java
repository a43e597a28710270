package org.ouroborosdb.jdbc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.Writer;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A CLOB in memory: of a text column, or made by {@code createClob} to be filled. */
final class TextClob implements NClob {
  private final StringBuilder text;
  private volatile boolean freed;

  TextClob(String text) {
    this.text = new StringBuilder(text);
  }

  private void requireValid() throws SQLException {
    if (freed) {
      throw Errors.of("HY000", "the CLOB was freed");
    }
  }

  private void requireRange(long position, long length) throws SQLException {
    requireValid();
    if (position < 1 || length < 0 || position > text.length() + 1L) {
      throw Errors.of("22003", "position " + position + ", length " + length + " is out of range");
    }
  }

  @Override
  public synchronized long length() throws SQLException {
    requireValid();
    return text.length();
  }

  @Override
  public synchronized String getSubString(long position, int length) throws SQLException {
    requireRange(position, length);
    int start = (int) position - 1;
    return text.substring(start, (int) Math.min(text.length(), start + (long) length));
  }

  @Override
  public Reader getCharacterStream() throws SQLException {
    return new StringReader(getSubString(1, Integer.MAX_VALUE));
  }

  @Override
  public Reader getCharacterStream(long position, long length) throws SQLException {
    requireRange(position, length);
    if (position - 1 > text.length() - length) {
      throw Errors.of("22003", "position " + position + ", length " + length + " is out of range");
    }
    return new StringReader(getSubString(position, (int) length));
  }

  /** Returns the text as ASCII; a character that is not ASCII is an error. */
  @Override
  public InputStream getAsciiStream() throws SQLException {
    return new ByteArrayInputStream(Conversions.ascii(getSubString(1, Integer.MAX_VALUE)));
  }

  @Override
  public synchronized long position(@Nullable String pattern, long start) throws SQLException {
    requireValid();
    if (pattern == null || start < 1) {
      throw Errors.of("22003", "start " + start + " is below 1, or the pattern is null");
    }
    return start > text.length() + 1L ? -1 : found(text.indexOf(pattern, (int) start - 1));
  }

  private static long found(int index) {
    return index < 0 ? -1 : index + 1L;
  }

  @Override
  public long position(@Nullable Clob pattern, long start) throws SQLException {
    if (pattern == null) {
      throw Errors.of("HY009", "the pattern is null");
    }
    if (pattern.length() > length()) {
      return -1;
    }
    return position(ParameterConversions.text(pattern), start);
  }

  @Override
  public int setString(long position, @Nullable String given) throws SQLException {
    return setString(position, given, 0, given == null ? 0 : given.length());
  }

  @Override
  public synchronized int setString(long position, @Nullable String given, int offset, int length)
      throws SQLException {
    requireRange(position, length);
    if (given == null || offset < 0 || offset > given.length() - length) {
      throw Errors.of("22003", "the text is null, or shorter than offset and length");
    }
    int start = (int) position - 1;
    int end = (int) Math.min(text.length(), start + (long) length);
    text.replace(start, end, given.substring(offset, offset + length));
    return length;
  }

  @Override
  public OutputStream setAsciiStream(long position) throws SQLException {
    requireRange(position, 0);
    return new OutputStream() {
      private long at = position;

      @Override
      public void write(int b) throws IOException {
        if ((b & 0x80) != 0) {
          throw new IOException("a byte that is not ASCII");
        }
        put(at++, String.valueOf((char) (b & 0x7f)));
      }
    };
  }

  @Override
  public Writer setCharacterStream(long position) throws SQLException {
    requireRange(position, 0);
    return new Writer() {
      private long at = position;

      @Override
      public void write(char[] source, int offset, int length) throws IOException {
        put(at, new String(source, offset, length));
        at += length;
      }

      @Override
      public void flush() {
        // all is written at once
      }

      @Override
      public void close() {
        // nothing is held
      }
    };
  }

  private void put(long position, String added) throws IOException {
    try {
      setString(position, added);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Override
  public synchronized void truncate(long length) throws SQLException {
    requireValid();
    if (length < 0 || length > text.length()) {
      throw Errors.of("22003", "length " + length + " is out of range");
    }
    text.setLength((int) length);
  }

  @Override
  public void free() {
    freed = true;
  }
}
