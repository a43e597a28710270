package org.ouroborosdb.store.compression;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Loads classes and resources from a jar that is itself a resource. Thread-safe. */
final class NestedJarLoader extends ClassLoader {
  private static final String CLASS = ".class";

  private final String jar;
  private final Map<String, byte[]> classes = new HashMap<>(); // by entry name, never changed later

  /**
   * Reads the classes; other entries are read when asked for, as most natives never are.
   *
   * @param jar the absolute name of the jar among this class's resources
   */
  NestedJarLoader(String jar) throws IOException {
    super(ClassLoader.getPlatformClassLoader());
    this.jar = jar;
    try (ZipInputStream entries = open()) {
      ZipEntry entry;
      while ((entry = entries.getNextEntry()) != null) {
        if (entry.getName().endsWith(CLASS)) {
          classes.put(entry.getName(), entries.readAllBytes());
        }
      }
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = classes.get(name.replace('.', '/') + CLASS);
    if (bytes == null) {
      throw new ClassNotFoundException(name + " is not in " + jar);
    }
    return defineClass(name, bytes, 0, bytes.length, NestedJarLoader.class.getProtectionDomain());
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    try (ZipInputStream entries = open()) {
      ZipEntry entry;
      while ((entry = entries.getNextEntry()) != null) {
        if (entry.getName().equals(name)) {
          return new ByteArrayInputStream(entries.readAllBytes());
        }
      }
      return null;
    } catch (IOException e) {
      return null; // as the method's contract says of what cannot be read
    }
  }

  private ZipInputStream open() throws IOException {
    InputStream stream = NestedJarLoader.class.getResourceAsStream(jar);
    if (stream == null) {
      throw new IOException("the resource " + jar + " is missing");
    }
    return new ZipInputStream(stream);
  }
}
