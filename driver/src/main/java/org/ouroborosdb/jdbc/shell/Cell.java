package org.ouroborosdb.jdbc.shell;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes one value of a row: as plain text, or as JSON. Bytes are lower-case hexadecimal digits.
 */
final class Cell {
  private static final int HEX_BYTES = 16 << 10;

  private Cell() {}

  /** Returns a value: null, a Number, a Boolean, a Blob, an Array, or its text. */
  static @Nullable Object read(ResultSet rows, int column) throws SQLException {
    Object value = rows.getObject(column);
    if (value == null
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Blob
        || value instanceof Array) {
      return value;
    }
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : rows.getString(column);
  }

  /** Returns a text on one line that steers no terminal: control characters are {@code ?}. */
  static String line(String text) {
    return text.replaceAll("[\\p{Cc}\\x{2028}-\\x{202E}\\x{2066}-\\x{2069}]", "?");
  }

  /** Returns a text of some lines that steers no terminal otherwise. */
  static String lines(String text) {
    return text.lines().map(Cell::line).collect(Collectors.joining(System.lineSeparator()));
  }

  /** Returns the text of a value other than a Blob. */
  static String text(Object value) throws SQLException {
    return value instanceof Array array ? json(array) : value.toString();
  }

  /** Writes the bytes of a Blob of any length as hexadecimal digits. */
  static void writeHex(Blob blob, PrintWriter out) throws SQLException {
    HexFormat hex = HexFormat.of();
    try (InputStream in = blob.getBinaryStream()) {
      for (byte[] bytes = in.readNBytes(HEX_BYTES);
          bytes.length > 0 && !out.checkError();
          bytes = in.readNBytes(HEX_BYTES)) {
        out.write(hex.formatHex(bytes));
      }
    } catch (IOException e) {
      throw new SQLException("reading content failed: " + e.getMessage(), "58030", e);
    }
  }

  /** Returns a value other than a Blob as JSON. */
  static String json(@Nullable Object value) throws SQLException {
    if (value == null) {
      return "null";
    }
    if (value instanceof Array array) {
      StringBuilder text = new StringBuilder("[");
      for (Object element : (Object[]) array.getArray()) {
        text.append(text.length() == 1 ? "" : ",").append(json(element));
      }
      return text.append(']').toString();
    }
    boolean isBare =
        value instanceof Boolean
            || (value instanceof Number number && Double.isFinite(number.doubleValue()))
            || value instanceof java.math.BigDecimal;
    return isBare ? value.toString() : quoted(value.toString());
  }

  /** Returns a text as a JSON string. */
  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
