package org.ouroborosdb.jdbc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream of stored content whose failures are {@link IOException}s, as readers expect. */
final class GuardedStream extends FilterInputStream {
  GuardedStream(InputStream content) {
    super(content);
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
    try {
      return in.read(target, offset, length);
    } catch (IndexOutOfBoundsException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
  }

  private static IOException failed(Throwable cause) {
    return new IOException("reading stored content failed", Errors.translate(cause));
  }
}
