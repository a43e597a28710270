package org.ouroborosdb.store;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a writer or of a store: 16 random bytes. Immutable.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record WriterId(long high, long low) {
  /** The length in bytes. */
  public static final int BYTES = 16;

  // By hand, since the compiler's are linked at run time, which a start pays for.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WriterId that && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high ^ low);
  }

  /** Returns the id as 32 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
