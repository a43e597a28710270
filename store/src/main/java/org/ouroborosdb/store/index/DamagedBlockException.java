package org.ouroborosdb.store.index;

import java.io.IOException;

/** A block of the index file does not have the checksum written with it. */
final class DamagedBlockException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedBlockException(String file, long block) {
    super("block " + block + " of " + file + " is damaged");
  }
}
