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
    if (words.size() == 3 && words.get(1).equalsIgnoreCase(between)) {
      return new TwoPlaces(Path.of(words.get(0)), Path.of(words.get(2)));
    }
    if (words.size() == 2) {
      return new TwoPlaces(Path.of(words.get(0)), Path.of(words.get(1)));
    }
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "Two paths are needed, with " + between + " between them, but got: " + words);
  }
}
