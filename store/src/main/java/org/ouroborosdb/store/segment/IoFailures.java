package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
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
        doing + " failed: " + reason(failure) + (full ? "; free some space" : ""),
        failure);
  }

  /** Java says no more than the file's name where the reason is in the exception's type. */
  private static @Nullable String reason(IOException failure) {
    if (failure instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    if (failure instanceof NoSuchFileException missing) {
      return "there is no " + missing.getFile();
    }
    if (failure instanceof FileAlreadyExistsException inTheWay) {
      return inTheWay.getFile() + " is there already, and no directory";
    }
    return failure.getMessage();
  }
}
