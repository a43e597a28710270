package org.ouroborosdb.jdbc.shell;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sqlline.BuiltInProperty;
import sqlline.SqlLine;

/**
 * {@code shell DB}: sqlline at a terminal; elsewhere, or with statements to run, their results on
 * the standard output.
 */
@Command(
    name = "shell",
    description = {
      "Open an SQL shell, or run statements.",
      "At a terminal, statements end with ';', !help lists the commands, !quit leaves."
          + " Statements can also come from -e, from --run, or from a pipe; the first that fails"
          + " ends the run."
    })
final class ShellCommand implements Callable<Integer> {
  /** Rows wrap rather than being cut at the terminal's width: an id alone has 128 digits. */
  private static final int MAX_WIDTH = 4000;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DB",
      description =
          "The database's directory; created if needed. DB;readonly=true reads beside a writer.")
  private Path database;

  @Option(names = "-e", paramLabel = "SQL", description = "Run statements; repeatable.")
  private List<String> statements = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if absent.")
  private RowPrinter.Format format = RowPrinter.Format.TABLE;

  @Option(names = "--run", paramLabel = "FILE", description = "Run a file of statements.")
  private @Nullable Path script;

  @Override
  @SuppressWarnings("SystemConsoleNull") // the launcher asks newer JVMs for the old console
  public Integer call() throws IOException, SQLException {
    if (script != null && Files.isDirectory(script)) {
      throw new IllegalArgumentException(script + " is a directory; --run takes a file");
    }
    PrintWriter out = new PrintWriter(spec.commandLine().getOut(), false);
    try (Reader file = script == null ? Reader.nullReader() : Files.newBufferedReader(script);
        Connection db = DriverManager.getConnection(Database.url(database))) {
      StatementRunner runner = new StatementRunner(db, format, out);
      for (String sql : statements) {
        runner.run(new StringReader(sql), "-e");
      }
      if (script != null) {
        runner.run(file, script.toString());
      }
      if (!statements.isEmpty() || script != null) {
        return 0;
      }
      if (System.console() != null) {
        return interactive();
      }
      runner.run(new InputStreamReader(System.in, StandardCharsets.UTF_8), "standard input");
      return 0;
    } finally {
      out.flush();
    }
  }

  private int interactive() throws IOException {
    String[] arguments = {
      "-d",
      "org.ouroborosdb.jdbc.OuroborosDriver",
      "-u",
      Database.url(database),
      "-n",
      "",
      "-p",
      "",
      "-ac",
      Banner.class.getName(),
      "--maxWidth=" + MAX_WIDTH,
      "--outputFormat=" + format,
      "--isolation=TRANSACTION_REPEATABLE_READ"
    };
    SqlLine shell = new SqlLine();
    shell.getOpts().set(BuiltInProperty.CSV_QUOTE_CHARACTER, '"');
    return shell.begin(arguments, null, true) == SqlLine.Status.OK ? 0 : Main.FAILED;
  }
}
