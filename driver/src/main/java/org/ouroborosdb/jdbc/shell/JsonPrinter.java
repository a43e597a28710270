package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** One JSON array for each result, with one object to a line for each row. */
final class JsonPrinter implements RowPrinter {
  private final PrintWriter out;
  private List<String> names = List.of();
  private boolean any;

  JsonPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void start(List<String> columns) {
    names = columns.stream().map(Cell::quoted).toList();
    out.print("[");
  }

  @Override
  public void row(ResultSet rows) throws SQLException {
    out.print(any ? ",\n{" : "\n{");
    any = true;
    for (int i = 1; i <= names.size(); i++) {
      out.print((i == 1 ? "" : ",") + names.get(i - 1) + ":");
      Object value = Cell.read(rows, i);
      if (value instanceof Blob blob) {
        out.print('"');
        Cell.writeHex(blob, out);
        out.print('"');
      } else {
        out.print(Cell.json(value));
      }
    }
    out.print('}');
  }

  @Override
  public void end() {
    out.print(any ? "\n]\n" : "]\n");
  }
}
