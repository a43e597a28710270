package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table with aligned columns for the eye. The first rows decide the widths; a longer cell further
 * down shifts its row. Control characters are shown as {@code ?}, bytes as their number.
 */
final class TablePrinter implements RowPrinter {
  private static final int ROWS_MEASURED = 500;

  /** An id, of 128 digits, is shown whole. */
  private static final int MAX_WIDTH = 128;

  private final PrintWriter out;
  private final List<List<String>> waiting = new ArrayList<>();
  private int[] widths = {};
  private boolean measured;
  private long count;

  TablePrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void start(List<String> columns) {
    widths = new int[columns.size()];
    waiting.add(columns);
  }

  @Override
  public void row(ResultSet rows) throws SQLException {
    List<String> cells = new ArrayList<>();
    for (int i = 1; i <= widths.length; i++) {
      cells.add(cell(Cell.read(rows, i)));
    }
    count++;
    if (measured) {
      print(cells);
    } else {
      waiting.add(cells);
      if (waiting.size() > ROWS_MEASURED) {
        printWaiting();
      }
    }
  }

  @Override
  public void end() {
    if (!measured) {
      printWaiting();
    }
    out.print("(" + count + (count == 1 ? " row)\n\n" : " rows)\n\n"));
  }

  /** Returns a value as it is shown. */
  static String cell(@Nullable Object value) throws SQLException {
    if (value == null) {
      return "NULL";
    }
    if (value instanceof Blob blob) {
      return "(" + blob.length() + " bytes)";
    }
    String text = Cell.text(value);
    String start = text.length() <= MAX_WIDTH ? text : text.substring(0, MAX_WIDTH - 3) + "...";
    return Cell.line(start);
  }

  private void printWaiting() {
    measured = true;
    for (List<String> row : waiting) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    print(waiting.get(0));
    StringBuilder line = new StringBuilder();
    for (int width : widths) {
      line.append(line.isEmpty() ? "" : "-+-").append("-".repeat(width));
    }
    out.print(line + "\n");
    waiting.subList(1, waiting.size()).forEach(this::print);
    waiting.clear();
  }

  private void print(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append(i == 0 ? "" : " | ").append(cell);
      line.append(" ".repeat(Math.max(0, widths[i] - width(cell))));
    }
    out.print(line.toString().stripTrailing() + "\n");
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
