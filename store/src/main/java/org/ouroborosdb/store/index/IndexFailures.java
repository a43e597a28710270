package org.ouroborosdb.store.index;

import java.io.IOException;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.segment.IoFailures;

/** Translates what MVStore throws. Stateless. */
final class IndexFailures {
  private IndexFailures() {}

  /** Returns the failure to throw; {@code doing} says what was being done. */
  static StoreException translate(String doing, MVStoreException failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof IOException io && !(at instanceof DamagedBlockException)) {
        return IoFailures.translate(doing, io);
      }
    }
    boolean closed = failure.getErrorCode() == DataUtils.ERROR_CLOSED;
    return new StoreException(
        closed ? ErrorCode.CLOSED : ErrorCode.CORRUPT,
        doing
            + " failed: "
            + failure.getMessage()
            + (closed ? "" : "; the next snapshot rebuilds the index"),
        failure);
  }
}
