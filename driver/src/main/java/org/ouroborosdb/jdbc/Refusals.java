package org.ouroborosdb.jdbc;

import java.sql.SQLException;

/** The refusals that many methods share. */
final class Refusals {
  private Refusals() {}

  static SQLException update() {
    return Errors.unsupported("updating rows through a result set");
  }

  static SQLException scroll() {
    return Errors.unsupported("scrolling: the result set is forward only");
  }

  static SQLException closed(String what) {
    return Errors.of("08003", "the " + what + " is closed");
  }
}
