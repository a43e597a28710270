package org.ouroborosdb.store.segment;

import org.jspecify.annotations.Nullable;

/** The kinds of record in the log. The numbers are part of the format and are never reused. */
public enum RecordKind {
  /** The stored form of one chunk; belongs to nobody until an event refers to it. */
  CHUNK(1, true),
  /** The stored form of several chunks, behind a table of their names; belongs to nobody either. */
  CHUNK_GROUP(2, false),
  /** An event. Takes effect with the next COMMIT. */
  EVENT(3, true),
  /** The end of a batch: all EVENT and TOMBSTONE records since the one before take effect. */
  COMMIT(4, false),
  /** The removal of a temporary event with its subtree. Takes effect with the next COMMIT. */
  TOMBSTONE(6, true),
  /** Stands for the sequence numbers of removed events whose records were freed. */
  FREED(7, false);

  private static final RecordKind[] ALL = values();

  private final byte number;
  private final boolean named;

  RecordKind(int number, boolean named) {
    this.number = (byte) number;
    this.named = named;
  }

  byte number() {
    return number;
  }

  /** Returns whether the record carries the 64-byte name of a chunk or an event. */
  boolean isNamed() {
    return named;
  }

  static @Nullable RecordKind ofNumber(byte number) {
    for (RecordKind kind : ALL) {
      if (kind.number == number) {
        return kind;
      }
    }
    return null;
  }
}
