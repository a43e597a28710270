package org.ouroborosdb.jdbc;

import java.io.InputStream;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.EventStore;

/** A BLOB over stored content, fetched as it is read; valid while its result set is open. */
final class ContentBlob extends ReadOnlyBlob {
  private final Content content;
  private final @Nullable EventStore store;

  ContentBlob(Content content, @Nullable EventStore store) {
    this.content = content;
    this.store = store;
  }

  /** Returns the content, for a BLOB that is stored again in its own store; null for others. */
  @Nullable Content contentOf(EventStore target) throws SQLException {
    requireValid();
    return store == target ? content : null;
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
    return GuardedStream.ofContent(content.stream(offset, length));
  }
}
