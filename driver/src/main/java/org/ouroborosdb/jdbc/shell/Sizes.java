package org.ouroborosdb.jdbc.shell;

import org.ouroborosdb.jdbc.report.Amounts;

/** Writes sizes for people. */
final class Sizes {
  private Sizes() {}

  /** Returns a number of bytes with a unit, as {@code 1.5 MiB}. */
  static String text(long bytes) {
    return Amounts.bytes(bytes);
  }
}
