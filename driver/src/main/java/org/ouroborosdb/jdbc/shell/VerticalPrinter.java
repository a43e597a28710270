package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** A line for each column of each row, with a blank line after the row. */
final class VerticalPrinter implements RowPrinter {
  private final PrintWriter out;
  private List<String> columns = List.of();
  private int width;

  VerticalPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void start(List<String> labels) {
    columns = labels;
    width = labels.stream().mapToInt(String::length).max().orElse(0);
  }

  @Override
  public void row(ResultSet rows) throws SQLException {
    for (int i = 1; i <= columns.size(); i++) {
      String label = columns.get(i - 1);
      out.print(label + " ".repeat(width - label.length()) + "  ");
      out.print(TablePrinter.cell(Cell.read(rows, i)) + "\n");
    }
    out.print("\n");
  }

  @Override
  public void end() {}
}
