package org.ouroborosdb.store;

/**
 * The kinds of failure a store reports, each with the SQLSTATE under which SQL clients see it.
 *
 * <p>Immutable. The SQLSTATEs are those of SQL:2016 where it has one, else PostgreSQL's.
 */
public enum ErrorCode {
  /** A parent, base or merged event that does not exist in the store. */
  EVENT_NOT_FOUND("23503"),
  /** A chunk that an event refers to is not in the store. */
  CHUNK_NOT_FOUND("23503"),
  /** A required value (a parent, a title) is absent. */
  MISSING_VALUE("23502"),
  /** Another root of this store already has the title. */
  ROOT_TITLE_TAKEN("23505"),
  /** The event breaks a rule of the data model (type, tree or temporary rules). */
  RULE_VIOLATED("23514"),
  /** A text is longer than its limit in {@link Limits}. */
  TOO_LONG("22001"),
  /** A text holds characters that UTF-8 cannot carry (an unpaired surrogate). */
  INVALID_TEXT("22021"),
  /** Permanent events are never changed or removed. */
  IMMUTABLE("25006"),
  /** The store, or this handle on it, takes no writes. */
  READ_ONLY("25006"),
  /** The state a transaction was built on has moved: its parent was deleted meanwhile. */
  CONFLICT("40001"),
  /** A bound on memory, size or count was met. */
  LIMIT_EXCEEDED("54000"),
  /** The caller, or a deadline, cancelled the call. */
  CANCELLED("57014"),
  /** The store's disk has no room, or less than {@code minFreeBytes}. */
  DISK_FULL("53100"),
  /** An I/O call failed for another reason than space. */
  IO_FAILED("58030"),
  /** Bytes on disk are not what was written. */
  CORRUPT("XX001"),
  /** The directory is no store, or was written by a version this one cannot read. */
  UNKNOWN_FORMAT("08001"),
  /** No store is there and creating one was not asked for. */
  STORE_NOT_FOUND("08001"),
  /** Another process, or another handle of this one, has the store open. */
  LOCKED("08001"),
  /** The store, snapshot or transaction was closed before the call. */
  CLOSED("08003"),
  /** Another store sent what is no event, chunk or list of such, or breaks their rules. */
  PEER_INVALID("38000"),
  /** A part of the data model that this version does not write yet. */
  NOT_SUPPORTED("0A001");

  private final String sqlState;

  ErrorCode(String sqlState) {
    this.sqlState = sqlState;
  }

  /** Returns the five-character SQLSTATE. */
  public String sqlState() {
    return sqlState;
  }
}
