package org.ouroborosdb.store.disk;

import java.util.Arrays;
import java.util.List;

/**
 * What keeps the store's promises, each with a switch that turns it off, so that a test can show
 * that it turns red without it. No option of the store reaches the switch: it is the system
 * property {@code org.ouroborosdb.guards.off}, a list of names, read once.
 */
public enum Guard {
  /** A record's CRC-32C is compared. */
  RECORD_CHECKSUM,
  /** The CRC-32C of a block of the index is compared. */
  BLOCK_CHECKSUM,
  /** The SHA-512 of a window of a PATCH is compared with what its delta says. */
  WINDOW_HASH,
  /** A delta that is given, or came, is applied and its hashes compared before it is taken. */
  DELTA_CHECK,
  /** A chunk's SHA-512 is compared with its name. */
  CHUNK_HASH,
  /** An event's SHA-512 is compared with its id. */
  EVENT_HASH,
  /** No frame makes more bytes than a group has. */
  FRAME_LIMIT,
  /** No row of the index announces more than it has room for. */
  ROW_LIMIT,
  /** Two transactions in flight do not claim one root title. */
  TITLE_CLAIM,
  /** A commit is forced before it is acknowledged. */
  COMMIT_FORCE,
  /** A new segment's name is forced before anything is written to it. */
  NAME_FORCE,
  /** What an open found is forced before anybody sees it. */
  OPEN_FORCE,
  /** What a failed force may have lost is written again. */
  REWRITE,
  /** Damage before the end of what was forced is no torn tail. */
  FORCED_TAIL,
  /** Nor is a log that ends before its last checkpoint. */
  NOTED_END,
  /** A rewritten segment is forced before it gets its name. */
  COPY_FORCE,
  /** Chunks of a content that somebody may still append are not freed. */
  CHUNK_PINS,
  /** A directory is open once in a process. */
  OPEN_TABLE;

  private static final class Off {
    static final List<String> NAMES =
        Arrays.asList(System.getProperty("org.ouroborosdb.guards.off", "").split(",", -1));

    private Off() {}
  }

  private final boolean on = !Off.NAMES.contains(name());

  /** Returns whether the guard is at work, as it is but in tests of tests. */
  public boolean isOn() {
    return on;
  }
}
