package org.ouroborosdb.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.Message;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

final class StoreWithoutSqlTest {
  @Test
  void the_store_runs_in_a_jvm_that_has_no_java_sql() throws Exception {
    String classPath =
        Stream.concat(
                Stream.of(Path.of("..", "store", "target", "classes")),
                Stream.of(
                        MVStore.class,
                        Message.class,
                        Zstd.class,
                        Logger.class,
                        StoreRoundTrip.class)
                    .map(StoreWithoutSqlTest::home))
            .map(path -> path.toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));

    assertEquals(
        "1000000",
        run("--limit-modules", "java.base,java.logging,jdk.unsupported", "-cp", classPath));
  }

  private static String run(String... options) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        Stream.of(
                Stream.of(java.toString()),
                Stream.of(options),
                Stream.of(StoreRoundTrip.class.getName()))
            .flatMap(part -> part)
            .toList();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.strip();
  }

  /** Returns the jar or directory that a class comes from. */
  private static Path home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
