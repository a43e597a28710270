package org.ouroborosdb.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Another JVM with this class path, killed at the latest when it is closed. */
public final class ForkedJvm implements AutoCloseable {
  private static final Pattern COVERAGE_FILE = Pattern.compile("destfile=([^,]*)");
  private static final String FORKS = "jacoco-forks";

  /** Exit values of processes that a signal ended start behind it. */
  private static final int KILLED = 128;

  /** How long one that counts branches may take to end by itself. */
  private static final int END_SECONDS = 10;

  private final Process process;
  private final BufferedReader output;
  private final @Nullable Path coverage;

  /** Starts it; what it prints is read, and its errors go where ours go. */
  public ForkedJvm(Class<?> main, String... arguments) throws IOException {
    this(List.of(), main, arguments);
  }

  /** Starts it with more options of the JVM. */
  public ForkedJvm(List<String> jvmOptions, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(jvmOptions);
    Path coverage = null;
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("-javaagent:") && option.contains("jacoco")) {
        coverage = coverageOf(option);
        command.add(withCoverage(option, coverage)); // the branches it takes are counted with ours
      }
    }
    this.coverage = coverage;
    command.add(main.getName());
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Returns a file of its own for what an agent that counts branches writes at its end. */
  static Path coverageOf(String agentOption) {
    Matcher matcher = COVERAGE_FILE.matcher(agentOption);
    if (!matcher.find()) {
      throw new IllegalArgumentException("the agent names no destfile: " + agentOption);
    }
    Path ours = Path.of(matcher.group(1));
    Path parent = Objects.requireNonNull(ours.toAbsolutePath().getParent());
    Path forks = parent.endsWith(FORKS) ? parent : parent.resolve(FORKS);
    return forks.resolve(UUID.randomUUID() + ".exec");
  }

  static String withCoverage(String agentOption, Path file) {
    return COVERAGE_FILE
        .matcher(agentOption)
        .replaceFirst(Matcher.quoteReplacement("destfile=" + file));
  }

  /** Returns the next line of its output; null at the end. */
  public @Nullable String line() throws IOException {
    return output.readLine();
  }

  /** Writes to its input. */
  void say(String text) throws IOException {
    process.outputWriter().write(text);
    process.outputWriter().flush();
  }

  /** Kills it as kill -9 does, and returns the whole lines it had written. */
  List<String> kill() throws IOException {
    process.toHandle().destroyForcibly(); // Process.destroyForcibly would drop its output
    List<String> lines = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int c = output.read(); c >= 0; c = output.read()) {
      if (c == '\n') {
        lines.add(text.toString());
        text.setLength(0);
      } else {
        text.append((char) c);
      }
    }
    process.onExit().join();
    return lines;
  }

  /** Kills it if it runs. The agent of one that was killed may have written half a file. */
  @Override
  public void close() throws IOException {
    if (coverage != null) {
      process.getOutputStream().close(); // at which those end that wait for more
      process.onExit().completeOnTimeout(process, END_SECONDS, TimeUnit.SECONDS).join();
    }
    boolean killed = process.destroyForcibly().onExit().join().exitValue() >= KILLED;
    if (killed && coverage != null) {
      Files.deleteIfExists(coverage);
    }
  }
}
