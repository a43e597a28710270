package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Prints rows as a table with aligned columns. */
final class TourTable {
  private static final int MAX_WIDTH = 60;

  private TourTable() {}

  /** Prints the first rows and returns all of them as text. */
  static List<List<String>> print(ResultSet rows, int most, PrintWriter out) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      names.add(columns.getColumnLabel(i));
    }
    List<List<String>> all = new ArrayList<>();
    while (rows.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= names.size(); i++) {
        String value = rows.getString(i);
        row.add(value == null ? "null" : value);
      }
      all.add(row);
    }
    List<List<String>> shown = new ArrayList<>(List.of(names));
    shown.addAll(all.subList(0, Math.min(most, all.size())));
    for (List<String> row : shown) {
      StringBuilder line = new StringBuilder(" ");
      for (int i = 0; i < row.size(); i++) {
        line.append(' ').append(padded(cell(row.get(i)), width(shown, i))).append(' ');
      }
      out.println(line.toString().stripTrailing());
    }
    if (all.size() > most) {
      out.println("  ... " + (all.size() - most) + " more");
    }
    return all;
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> cell(row.get(column)).length()).max().orElse(0);
  }

  private static String cell(String value) {
    String text = Cell.line(TourSteps.shortened(value));
    return text.length() <= MAX_WIDTH
        ? text
        : "..." + text.substring(text.length() - MAX_WIDTH + 3);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
