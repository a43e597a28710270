package org.ouroborosdb.jdbc.shell;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code help [COMMAND]}: lists the commands, or explains one. */
@Command(name = "help", description = "List the commands, or explain one.")
final class HelpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command to explain.")
  private @Nullable String command;

  @Override
  public Integer call() {
    CommandLine all = spec.parent().commandLine();
    Map<String, CommandLine> commands = all.getSubcommands();
    CommandLine explained = command == null ? all : commands.get(command);
    if (explained == null) {
      throw new CommandLine.ParameterException(all, Main.noCommand(String.valueOf(command)));
    }
    explained.usage(spec.commandLine().getOut());
    return 0;
  }
}
