package org.ouroborosdb.store.patch;

import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;

/** Says why a delta is none, or does not apply; the cause of the failure that callers see. */
final class BadDelta extends Exception {
  private static final long serialVersionUID = 1L;

  private BadDelta(String why) {
    super(why);
  }

  static StoreException because(String why) {
    return new StoreException(
        ErrorCode.CORRUPT, "the delta of a PATCH does not apply: " + why, new BadDelta(why));
  }

  static void require(boolean kept, String why) {
    if (!kept) {
      throw because(why);
    }
  }
}
