package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints what a query gives, row by row in bounded memory, in one of the shell's formats. */
interface RowPrinter {
  /** The formats by their names on the command line. */
  enum Format {
    TABLE,
    CSV,
    JSON,
    VERTICAL;

    /** Returns a printer for one result. */
    RowPrinter printer(PrintWriter out) {
      return switch (this) {
        case TABLE -> new TablePrinter(out);
        case CSV -> new CsvPrinter(out);
        case JSON -> new JsonPrinter(out);
        case VERTICAL -> new VerticalPrinter(out);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Begins with the columns' labels. */
  void start(List<String> columns);

  /** Prints the current row. */
  void row(ResultSet rows) throws SQLException;

  /** Ends after the last row. */
  void end();

  /** Prints a whole result, or as much of it as the reader of the output takes. */
  static void print(ResultSet rows, RowPrinter printer, PrintWriter out) throws SQLException {
    ResultSetMetaData metadata = rows.getMetaData();
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      columns.add(metadata.getColumnLabel(i));
    }
    printer.start(columns);
    for (long count = 1; rows.next(); count++) {
      printer.row(rows);
      // As head does: whoever reads may leave. Asking flushes, so it is not asked each time.
      if (count % 256 == 0 && out.checkError()) {
        return;
      }
    }
    printer.end();
    out.flush();
  }
}
