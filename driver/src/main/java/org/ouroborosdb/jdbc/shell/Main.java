package org.ouroborosdb.jdbc.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.ouroborosdb.jdbc.tree.FileProblem;
import org.ouroborosdb.store.StoreException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line's entry: names the commands, and turns their failures into one line each. */
@Command(
    name = "ouroboros",
    description = "Immutable, verifiable, deduplicating storage of event trees, reached with SQL.",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = Version.class)
public final class Main {
  private static final String HELP = "help";

  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("shell", ShellCommand.class);
    COMMANDS.put("import", ImportCommand.class);
    COMMANDS.put("export", ExportCommand.class);
    COMMANDS.put("verify", VerifyCommand.class);
    COMMANDS.put("stats", StatsCommand.class);
    COMMANDS.put("report", ReportCommand.class);
    COMMANDS.put("sync", SyncCommand.class);
    COMMANDS.put("backup", BackupCommand.class);
    COMMANDS.put("restore", RestoreCommand.class);
    COMMANDS.put("repair", RepairCommand.class);
    COMMANDS.put("compact", CompactCommand.class);
    COMMANDS.put("reclaim", ReclaimCommand.class);
    COMMANDS.put("rebuild-index", RebuildIndexCommand.class);
    COMMANDS.put("tour", TourCommand.class);
    COMMANDS.put(HELP, HelpCommand.class);
  }

  /** The exit status of a command that ran, and failed or found damage. */
  static final int FAILED = 1;

  /** The exit status of a command that was interrupted, as shells number SIGINT. */
  static final int INTERRUPTED = 130;

  private Main() {}

  /** Runs one command and exits with its status: 0, 1 failed, 2 misused, 130 interrupted. */
  public static void main(String[] arguments) {
    int status = StandardOutput.install().status(run(arguments));
    Interruption.commandEnded();
    System.exit(status);
  }

  /** Runs one command and returns its exit status. */
  static int run(String... arguments) {
    return execute(commandLine(arguments), arguments);
  }

  /** Runs one command that prints to two writers, and returns its exit status. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return execute(commandLine(arguments).setOut(out).setErr(err), arguments);
  }

  private static int execute(CommandLine line, String... arguments) {
    String first = arguments.length == 0 ? HELP : arguments[0];
    if (!first.startsWith("-") && !COMMANDS.containsKey(first)) {
      line.getErr().println(noCommand(first)); // --help behind it would ask for everybody's help
      return line.getCommandSpec().exitCodeOnInvalidInput();
    }
    return line.execute(arguments);
  }

  /** Says which commands there are instead of one that is none. */
  static String noCommand(String name) {
    return "There is no command '" + name + "'; there are: " + String.join(", ", COMMANDS.keySet());
  }

  /** Knows the command that is named first alone: to read the options of all takes 0.2 s. */
  private static CommandLine commandLine(String... arguments) {
    String first = arguments.length == 0 ? HELP : arguments[0];
    CommandLine line = new CommandLine(new Main());
    COMMANDS.forEach(
        (name, command) -> {
          if (name.equals(first) || first.equals(HELP) || !COMMANDS.containsKey(first)) {
            line.addSubcommand(command);
          }
        });
    return line.registerConverter(Path.class, Main::path)
        .setExecutionExceptionHandler(Main::report)
        .setUnmatchedOptionsArePositionalParams(false)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** Reads a path; an empty one is a variable that was not set, and not where the user is. */
  static Path path(String text) {
    if (text.isEmpty()) {
      throw new CommandLine.TypeConversionException(
          "the path is empty; write . for this directory");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new CommandLine.TypeConversionException("this is no path: " + e.getReason());
    }
  }

  private static int report(
      Exception failure, CommandLine command, CommandLine.ParseResult arguments) {
    PrintWriter err = command.getErr();
    String name = command.getCommandName();
    if (Interruption.happened()) {
      err.println(name + ": interrupted; " + leftBehind(name));
      return INTERRUPTED;
    }
    err.println(name + ": " + Cell.lines(message(failure)));
    return failure instanceof Database.Misuse
        ? command.getCommandSpec().exitCodeOnInvalidInput()
        : FAILED;
  }

  private static String leftBehind(String command) {
    return switch (command) {
      case "import" -> "what was stored so far is kept, and importing again goes on from there";
      case "export" -> "the directory holds what was written so far, the database is as it was";
      case "verify", "stats", "report" -> "nothing was changed";
      case "backup" -> "what was copied is kept, and the same command goes on from there";
      case "restore" -> "it is no database yet, and the same command goes on from there";
      case "repair" -> "what was put back stays, and the same command goes on from there";
      case "compact", "rebuild-index" -> "the index is as it was";
      default -> "what had ended by then is kept, what was under way is taken back";
    };
  }

  private static String message(Exception failure) {
    if (failure instanceof StoreException known) {
      return known.getMessage() + " [" + known.code() + "]";
    }
    if (failure instanceof SQLException known) {
      return known.getMessage() + " [" + known.getSQLState() + "]";
    }
    return failure instanceof IOException known
        ? FileProblem.text(known)
        : Objects.requireNonNullElse(failure.getMessage(), failure.toString());
  }
}
