package org.ouroborosdb.jdbc.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Runs the statements of a script one by one and prints what they give, up to the first that fails.
 */
final class StatementRunner {
  private final Connection db;
  private final RowPrinter.Format format;
  private final PrintWriter out;

  StatementRunner(Connection db, RowPrinter.Format format, PrintWriter out) {
    this.db = db;
    this.format = format;
    this.out = out;
  }

  /**
   * Runs a script.
   *
   * @param name how messages call the script
   * @throws SQLException the first statement's that fails, with its line in the message
   */
  void run(Reader script, String name) throws IOException, SQLException {
    StatementSplitter statements = new StatementSplitter(script);
    for (String sql = statements.next(); sql != null; sql = statements.next()) {
      try {
        runOne(sql);
      } catch (SQLException e) {
        String place = name + ", statement at line " + statements.startLine();
        throw new SQLException(place + ": " + e.getMessage(), e.getSQLState(), e);
      }
      if (out.checkError()) {
        return; // nobody reads any more
      }
    }
  }

  private void runOne(String sql) throws SQLException {
    if (sql.startsWith("!")) {
      throw new SQLException("commands that start with ! work at a terminal only", "0A000");
    }
    try (Statement statement = db.createStatement()) {
      Interruption.stopBy(() -> cancel(statement));
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          RowPrinter.print(rows, format.printer(out), out);
        }
      } else if (format == RowPrinter.Format.TABLE) {
        long count = statement.getLargeUpdateCount();
        out.print(count + (count == 1 ? " row written\n\n" : " rows written\n\n"));
      }
    } finally {
      Interruption.stopBy(() -> {});
    }
  }

  private static void cancel(Statement statement) {
    try {
      statement.cancel();
    } catch (SQLException e) {
      throw new IllegalStateException("the statement cannot be cancelled", e);
    }
  }
}
