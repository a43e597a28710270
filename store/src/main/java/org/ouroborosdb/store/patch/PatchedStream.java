package org.ouroborosdb.store.patch;

import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.ingest.RangeInputStream;

/** A stream over a range of patched content. For one thread. */
final class PatchedStream extends RangeInputStream {
  private @Nullable PatchReader reader; // null once closed

  PatchedStream(PatchReader reader, long offset, long length) {
    super(offset, length);
    this.reader = reader;
  }

  @Override
  protected void fill(long from, byte[] target, int offset, int length) {
    PatchReader open = reader;
    if (open == null) { // by another thread
      throw new StoreException(ErrorCode.CLOSED, "the stream is closed");
    }
    open.read(from, target, offset, length);
  }

  @Override
  protected void release() {
    reader = null;
  }
}
