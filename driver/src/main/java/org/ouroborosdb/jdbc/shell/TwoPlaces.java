package org.ouroborosdb.jdbc.shell;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Two paths on a command line with a word between them, which may be left out. */
record TwoPlaces(Path first, Path second) {
  /**
   * Reads the parameters of a command.
   *
   * @throws CommandLine.ParameterException if they are not two paths
   */
  static TwoPlaces of(CommandSpec spec, List<String> words, String between) {
    boolean said = words.size() == 3 && words.get(1).equalsIgnoreCase(between);
    if (said || words.size() == 2) {
      try {
        return new TwoPlaces(Main.path(words.get(0)), Main.path(words.get(words.size() - 1)));
      } catch (CommandLine.TypeConversionException e) {
        throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
      }
    }
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "Two paths are needed, with " + between + " between them, but got: " + words);
  }
}
