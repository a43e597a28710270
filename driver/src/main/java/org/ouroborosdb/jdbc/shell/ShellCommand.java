package org.ouroborosdb.jdbc.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sqlline.SqlLine;

/** {@code shell DB}: sqlline on a database, with its tables, history and output formats. */
@Command(
    name = "shell",
    description = {
      "Open an SQL shell: statements end with ';', !help lists the commands, !quit leaves.",
      "!set outputformat csv (or json, vertical, table) changes the output."
    })
final class ShellCommand implements Callable<Integer> {
  private static final InputStream NO_INPUT = InputStream.nullInputStream();

  @Parameters(paramLabel = "DB", description = "The database's directory; created if needed.")
  private Path database;

  @Option(names = "-e", paramLabel = "SQL", description = "Run a statement and leave; repeatable.")
  private List<String> statements = new ArrayList<>();

  @Option(names = "--format", description = "table (default), csv, json, vertical, tsv, xmlelement")
  private String format = "table";

  @Option(names = "--run", paramLabel = "FILE", description = "Run a file of statements and leave.")
  private @Nullable Path script;

  @Override
  public Integer call() throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-d", "org.ouroborosdb.jdbc.OuroborosDriver"));
    arguments.addAll(List.of("-u", url(database), "-n", "", "-p", ""));
    arguments.add("--outputFormat=" + format);
    arguments.add("--isolation=TRANSACTION_REPEATABLE_READ");
    arguments.add("--maxWidth=-1");
    arguments.add("--silent=" + (!statements.isEmpty() || script != null));
    for (String statement : statements) {
      arguments.addAll(List.of("-e", terminated(statement)));
    }
    if (script != null) {
      arguments.add("--run=" + script);
    }
    SqlLine shell = new SqlLine();
    InputStream input = statements.isEmpty() && script == null ? null : NO_INPUT;
    return shell.begin(arguments.toArray(new String[0]), input, true).name().equals("OK")
        ? 0
        : Main.FAILED;
  }

  /** Returns the URL of a database's directory, with what has a meaning in URLs escaped. */
  static String url(Path directory) {
    return "jdbc:ouroboros:" + directory.toString().replace("%", "%25").replace(";", "%3B");
  }

  private static String terminated(String statement) {
    String text = statement.strip();
    return text.startsWith("!") || text.endsWith(";") ? text : text + ";";
  }
}
