package org.ouroborosdb.sql;

/** The SQLSTATEs that the engine gives itself; those of the store stand in its ErrorCode. */
public final class SqlState {
  public static final String SYNTAX = "42601";
  public static final String NO_TABLE = "42S02";
  public static final String NO_COLUMN = "42S22";
  public static final String NO_FUNCTION = "42883";
  public static final String AMBIGUOUS = "42702";
  public static final String DUPLICATE_COLUMN = "42701";
  public static final String GROUPING = "42803";
  public static final String TYPE_MISMATCH = "42804";
  public static final String UNTYPED_PARAMETER = "42P18";
  public static final String INVALID_STATEMENT = "42000";
  public static final String GENERATED_COLUMN = "428C9";
  public static final String WRONG_PARAMETER_COUNT = "07001";
  public static final String DATA = "22000";
  public static final String TOO_LONG = "22001";
  public static final String OUT_OF_RANGE = "22003";
  public static final String NULL_ARGUMENT = "22004";
  public static final String BAD_MOMENT = "22007";
  public static final String DIVISION_BY_ZERO = "22012";
  public static final String BAD_CAST = "22018";
  public static final String BAD_NTILE = "22014";
  public static final String BAD_ESCAPE = "22019";
  public static final String BAD_ESCAPE_SEQUENCE = "22025";
  public static final String BAD_REGEX = "2201B";
  public static final String BAD_LOGARITHM = "2201E";
  public static final String BAD_SUBSTRING = "22011";
  public static final String BAD_LIMIT = "2201W";
  public static final String BAD_OFFSET = "2201X";
  public static final String BAD_JSON = "22032";
  public static final String TOO_MANY_ROWS = "21000";
  public static final String MISSING_VALUE = "23502";
  public static final String NO_PARENT = "23503";
  public static final String KEY_TAKEN = "23505";
  public static final String RULE = "23514";
  public static final String CONFLICT = "40001";
  public static final String CURSOR_CLOSED = "24000";
  public static final String IMMUTABLE = "25006";
  public static final String NO_TRANSACTION = "25P01";
  public static final String CLOSED = "08003";
  public static final String NOT_SUPPORTED = "0A001";
  public static final String OUT_OF_MEMORY = "53200";
  public static final String LIMIT = "54000";
  public static final String TOO_COMPLEX = "54001";
  static final String CANCELLED = "57014";
  public static final String INTERNAL = "XX000";

  private SqlState() {}
}
