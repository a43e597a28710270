package org.ouroborosdb.jdbc.shell;

import java.util.Locale;
import org.ouroborosdb.jdbc.report.Amounts;

/** Writes sizes for people. */
final class Sizes {
  private Sizes() {}

  /** Returns a number of bytes with a unit, as {@code 1.5 MiB}. */
  static String text(long bytes) {
    return Amounts.bytes(bytes);
  }

  /** Returns a number of things, as {@code 1 event} or {@code 2,000 events}. */
  static String count(long count, String thing) {
    String plural =
        thing.endsWith("y") ? thing.substring(0, thing.length() - 1) + "ies" : thing + "s";
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? thing : plural);
  }
}
