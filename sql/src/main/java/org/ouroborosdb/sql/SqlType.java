package org.ouroborosdb.sql;

/**
 * The types of values that cross the engine's door, each with the one Java class that carries it in
 * results and parameters. Null stands for SQL NULL in all.
 */
public enum SqlType {
  /** {@link Boolean}. */
  BOOLEAN,
  /** {@link Byte}. */
  TINYINT,
  /** {@link Short}. */
  SMALLINT,
  /** {@link Integer}. */
  INTEGER,
  /** {@link Long}. */
  BIGINT,
  /** {@link Float}. */
  REAL,
  /** {@link Double}; FLOAT too. */
  DOUBLE,
  /** {@link java.math.BigDecimal}. */
  DECIMAL,
  /** {@link String}, padded to its length. */
  CHAR,
  /** {@link String}. */
  VARCHAR,
  /** {@code byte[]}. */
  BINARY,
  /** {@code byte[]}. */
  VARBINARY,
  /**
   * The unchanged content of an event. In results a {@link org.ouroborosdb.store.Content}, readable
   * until the rows are closed; as a parameter {@code byte[]}, {@code StoredContent} or {@code
   * Content}.
   */
  BLOB,
  /** {@link java.time.LocalDate}. */
  DATE,
  /** {@link java.time.LocalTime}. */
  TIME,
  /** {@link java.time.LocalDateTime}, in UTC. */
  TIMESTAMP,
  /** {@link java.time.Instant}. */
  TIMESTAMP_WITH_TIME_ZONE,
  /** {@link java.util.List} of the element's class. */
  ARRAY,
  /** {@link java.util.Map}. */
  MAP,
  /** {@link java.util.List} of the fields' values. */
  ROW,
  /** {@link java.time.Period}. */
  INTERVAL_YEAR_MONTH,
  /** {@link java.time.Duration}. */
  INTERVAL_DAY_TIME,
  /** Only NULL. */
  NULL,
  /** Any of the others, as the value's class says. */
  ANY
}
