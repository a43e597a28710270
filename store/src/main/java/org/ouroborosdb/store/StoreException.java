package org.ouroborosdb.store;

import org.jspecify.annotations.Nullable;

/** A failure of the store or of its surroundings, with the {@link ErrorCode} that says which. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** Creates a failure; {@code message} says what was being done, with what, and what to do. */
  public StoreException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** Creates a failure with its cause. */
  public StoreException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Returns the kind of failure. */
  public ErrorCode code() {
    return code;
  }
}
