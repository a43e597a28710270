package org.ouroborosdb.jdbc;

import java.io.InputStream;
import org.ouroborosdb.store.Content;

/** A BLOB over stored content, fetched as it is read; valid while its result set is open. */
final class ContentBlob extends ReadOnlyBlob {
  private final Content content;

  ContentBlob(Content content) {
    this.content = content;
  }

  /** Returns the content, for a BLOB that is stored again. */
  Content content() {
    return content;
  }

  @Override
  long contentLength() {
    return content.length();
  }

  @Override
  byte[] read(long offset, int length) {
    return content.read(offset, length);
  }

  @Override
  InputStream stream(long offset, long length) {
    return content.stream(offset, length);
  }
}
