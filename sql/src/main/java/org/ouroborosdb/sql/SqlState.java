package org.ouroborosdb.sql;

/** The SQLSTATEs that the engine gives itself; those of the store stand in its ErrorCode. */
final class SqlState {
  static final String SYNTAX = "42601";
  static final String NO_TABLE = "42S02";
  static final String NO_COLUMN = "42S22";
  static final String NO_FUNCTION = "42883";
  static final String AMBIGUOUS = "42702";
  static final String DUPLICATE_COLUMN = "42701";
  static final String GROUPING = "42803";
  static final String TYPE_MISMATCH = "42804";
  static final String UNTYPED_PARAMETER = "42P18";
  static final String INVALID_STATEMENT = "42000";
  static final String GENERATED_COLUMN = "428C9";
  static final String WRONG_PARAMETER_COUNT = "07001";
  static final String DATA = "22000";
  static final String TOO_LONG = "22001";
  static final String OUT_OF_RANGE = "22003";
  static final String NULL_ARGUMENT = "22004";
  static final String BAD_MOMENT = "22007";
  static final String DIVISION_BY_ZERO = "22012";
  static final String BAD_CAST = "22018";
  static final String BAD_NTILE = "22014";
  static final String BAD_ESCAPE = "22019";
  static final String BAD_ESCAPE_SEQUENCE = "22025";
  static final String BAD_REGEX = "2201B";
  static final String BAD_LOGARITHM = "2201E";
  static final String BAD_SUBSTRING = "22011";
  static final String BAD_LIMIT = "2201W";
  static final String BAD_OFFSET = "2201X";
  static final String BAD_JSON = "22032";
  static final String TOO_MANY_ROWS = "21000";
  static final String MISSING_VALUE = "23502";
  static final String NO_PARENT = "23503";
  static final String KEY_TAKEN = "23505";
  static final String RULE = "23514";
  static final String CONFLICT = "40001";
  static final String CURSOR_CLOSED = "24000";
  static final String IMMUTABLE = "25006";
  static final String NO_TRANSACTION = "25P01";
  static final String CLOSED = "08003";
  static final String NOT_SUPPORTED = "0A001";
  static final String OUT_OF_MEMORY = "53200";
  static final String LIMIT = "54000";
  static final String TOO_COMPLEX = "54001";
  static final String CANCELLED = "57014";
  static final String INTERNAL = "XX000";

  private SqlState() {}
}
