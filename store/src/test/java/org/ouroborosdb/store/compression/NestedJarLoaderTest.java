package org.ouroborosdb.store.compression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Classes and resources come out of a jar that is a resource itself. */
class NestedJarLoaderTest {
  /** Goes into the jar. */
  public static final class Greeting implements Supplier<String> {
    @Override
    public String get() {
      return "hello from " + Greeting.class.getClassLoader().getClass().getSimpleName();
    }
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(
            NestedJarLoaderTest.class.getProtectionDomain().getCodeSource().getLocation().toURI())
        .resolve(name);
  }

  private static byte[] greeting() throws IOException {
    String name = "/" + Greeting.class.getName().replace('.', '/') + ".class";
    try (InputStream in = Greeting.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private static void writeJar(Path path) throws IOException {
    try (OutputStream out = Files.newOutputStream(path);
        ZipOutputStream jar = new ZipOutputStream(out)) {
      jar.putNextEntry(new ZipEntry("notes/hello.txt"));
      jar.write("hello".getBytes(StandardCharsets.UTF_8));
      jar.putNextEntry(new ZipEntry(Greeting.class.getName().replace('.', '/') + ".class"));
      jar.write(greeting());
    }
  }

  @Test
  void classes_and_resources_come_out_of_a_nested_jar() throws Exception {
    Path jar = resource("nested-for-a-test.jar");
    writeJar(jar);
    NestedJarLoader loader;
    try {
      loader = new NestedJarLoader("/nested-for-a-test.jar");
      try (InputStream hello = loader.getResourceAsStream("notes/hello.txt")) {
        assertEquals(
            "hello",
            new String(Objects.requireNonNull(hello).readAllBytes(), StandardCharsets.UTF_8));
      }
      assertNull(loader.getResourceAsStream("notes/missing.txt"));
    } finally {
      Files.delete(jar);
    }
    Class<?> loaded = loader.loadClass(Greeting.class.getName());
    assertNotSame(Greeting.class, loaded);
    Object made = loaded.getConstructor().newInstance();
    assertEquals("hello from NestedJarLoader", ((Supplier<?>) made).get());
    assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.nowhere.None"));
    assertNull(loader.getResourceAsStream("notes/hello.txt"), "the jar is gone");
    assertThrows(IOException.class, () -> new NestedJarLoader("/nested-for-a-test.jar"));
  }
}
