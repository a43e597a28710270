package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import org.ouroborosdb.store.StoreException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line's entry: names the commands, and turns their failures into one line each. */
@Command(
    name = "ouroboros",
    description = "Immutable, verifiable, deduplicating storage of event trees, reached with SQL.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      ShellCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      StatsCommand.class,
      TourCommand.class
    })
public final class Main {
  /** The exit status of a command that ran, and failed or found damage. */
  static final int FAILED = 1;

  /** The exit status of a command that was interrupted, as shells number SIGINT. */
  static final int INTERRUPTED = 130;

  private Main() {}

  /** Runs one command and exits with its status: 0, 1 failed, 2 misused, 130 interrupted. */
  public static void main(String[] arguments) {
    int status = run(arguments);
    Interruption.commandEnded();
    System.exit(status);
  }

  /** Runs one command and returns its exit status. */
  static int run(String... arguments) {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(Main::report)
        .setUnmatchedOptionsArePositionalParams(false)
        .execute(arguments);
  }

  private static int report(
      Exception failure, CommandLine command, CommandLine.ParseResult arguments) {
    PrintWriter err = command.getErr();
    if (Interruption.happened()) {
      err.println("Interrupted; everything committed so far is kept.");
      return INTERRUPTED;
    }
    String state = failure instanceof StoreException known ? " [" + known.code() + "]" : "";
    String message = failure.getMessage();
    err.println(
        command.getCommandName() + ": " + (message == null ? failure.toString() : message) + state);
    return FAILED;
  }
}
