package org.ouroborosdb.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with this class path, killed at the latest when it is closed. */
public final class ForkedJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

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
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("-javaagent:") && option.contains("jacoco")) {
        command.add(option); // the branches it takes are counted with ours
      }
    }
    command.add(main.getName());
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Returns the next line of its output; null at the end. */
  public @org.jspecify.annotations.Nullable String line() throws IOException {
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

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
