package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;

/** Tells a full disk from other failures of I/O. */
public final class IoFailures {
  private IoFailures() {}

  /** Returns the failure to throw for a failed call; {@code doing} says what was being done. */
  public static StoreException translate(String doing, IOException failure) {
    if (failure instanceof ClosedChannelException) {
      return new StoreException(ErrorCode.CLOSED, doing + " failed: the store is closed", failure);
    }
    String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    boolean full =
        text.contains("no space left")
            || text.contains("not enough space")
            || text.contains("quota exceeded");
    return new StoreException(
        full ? ErrorCode.DISK_FULL : ErrorCode.IO_FAILED,
        doing + " failed: " + failure.getMessage() + (full ? "; free some space" : ""),
        failure);
  }
}
