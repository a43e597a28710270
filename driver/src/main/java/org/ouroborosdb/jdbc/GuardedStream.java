package org.ouroborosdb.jdbc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Objects;

/**
 * A stream whose failures are {@link IOException}s, as readers expect: of stored content, which
 * throws its own, or of a caller, whose may throw anything.
 */
final class GuardedStream extends FilterInputStream {
  private final boolean stored;

  private GuardedStream(InputStream stream, boolean stored) {
    super(stream);
    this.stored = stored;
  }

  static InputStream ofContent(InputStream content) {
    return new GuardedStream(content, true);
  }

  static InputStream ofCaller(InputStream given) {
    return new GuardedStream(given, false);
  }

  @Override
  public int read() throws IOException {
    try {
      return in.read();
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    try {
      return in.read(target, offset, length);
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
  }

  private IOException failed(Throwable cause) {
    SQLException why = stored ? Errors.translate(cause) : Errors.ofGiven(cause);
    String what = stored ? "reading stored content" : "the given stream";
    return new IOException(what + " failed: " + why.getMessage(), why);
  }
}
