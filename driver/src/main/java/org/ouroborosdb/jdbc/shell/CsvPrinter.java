package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * CSV by RFC 4180, with line feeds: quotes where a field needs them. NULL is an empty field, an
 * empty text a quoted empty one.
 */
final class CsvPrinter implements RowPrinter {
  private final PrintWriter out;
  private int columns;

  CsvPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void start(List<String> labels) {
    columns = labels.size();
    out.print(String.join(",", labels.stream().map(CsvPrinter::field).toList()) + "\n");
  }

  @Override
  public void row(ResultSet rows) throws SQLException {
    for (int i = 1; i <= columns; i++) {
      Object value = Cell.read(rows, i);
      if (value instanceof Blob blob) {
        out.print(blob.length() == 0 ? "\"\"" : "");
        Cell.writeHex(blob, out);
      } else if (value != null) {
        out.print(field(Cell.text(value)));
      }
      out.print(i < columns ? "," : "\n");
    }
  }

  @Override
  public void end() {}

  private static String field(String text) {
    boolean isPlain =
        !text.isEmpty() && text.chars().noneMatch(c -> c == '"' || c == ',' || c < ' ');
    return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
