package org.ouroborosdb.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The one jar that users install. */
final class DriverJar {
  private DriverJar() {}

  static Path path() {
    Path target = Path.of("..", "driver", "target");
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("ouroboros-jdbc-[0-9.]+\\.jar"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no driver's jar in " + target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JarFile open() throws IOException {
    return new JarFile(path().toFile());
  }

  /** Returns a loader that sees the jar, the tests' own classes, and the JDK, and nothing else. */
  static URLClassLoader newLoader() throws MalformedURLException {
    URL[] places = {
      path().toUri().toURL(), DriverJar.class.getProtectionDomain().getCodeSource().getLocation()
    };
    return new URLClassLoader(places, ClassLoader.getPlatformClassLoader());
  }
}
