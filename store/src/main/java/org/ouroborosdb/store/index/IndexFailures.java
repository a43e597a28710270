package org.ouroborosdb.store.index;

import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;

/** Translates what MVStore throws. Stateless. */
final class IndexFailures {
  private IndexFailures() {}

  /** Returns the failure to throw; {@code doing} says what was being done. */
  static StoreException translate(String doing, MVStoreException failure) {
    ErrorCode code =
        switch (failure.getErrorCode()) {
          case DataUtils.ERROR_CLOSED -> ErrorCode.CLOSED;
          case DataUtils.ERROR_READING_FAILED, DataUtils.ERROR_WRITING_FAILED ->
              isDamage(failure) ? ErrorCode.CORRUPT : ErrorCode.IO_FAILED;
          default -> ErrorCode.CORRUPT;
        };
    String advice = code == ErrorCode.CORRUPT ? "; the next snapshot rebuilds it" : "";
    return new StoreException(code, doing + " failed: " + failure.getMessage() + advice, failure);
  }

  private static boolean isDamage(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof DamagedBlockException) {
        return true;
      }
    }
    return false;
  }
}
