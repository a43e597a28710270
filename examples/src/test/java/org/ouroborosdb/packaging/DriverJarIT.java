package org.ouroborosdb.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.architecture.StoreRoundTrip;

final class DriverJarIT {
  private static final String SERVICES = "META-INF/services/";
  private static final String OURS = "org.ouroborosdb.";

  @Test
  void the_jar_holds_no_class_outside_our_package() throws IOException {
    try (JarFile jar = DriverJar.open()) {
      List<String> strays =
          jar.stream()
              .map(JarEntry::getName)
              .filter(name -> name.endsWith(".class") || name.endsWith(".jar"))
              .filter(name -> !name.startsWith("org/ouroborosdb/"))
              .toList();
      assertEquals(List.of(), strays);
    }
  }

  @Test
  void every_service_of_the_jar_is_ours_and_is_there() throws IOException {
    List<String> strays = new ArrayList<>();
    try (JarFile jar = DriverJar.open()) {
      for (JarEntry entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
        if (!entry.getName().startsWith(SERVICES)) {
          continue;
        }
        for (String provider : lines(jar, entry)) {
          boolean there = jar.getEntry(provider.replace('.', '/') + ".class") != null;
          if (!provider.startsWith(OURS) || !there) {
            strays.add(entry.getName() + ": " + provider);
          }
        }
      }
    }
    assertEquals(List.of(), strays);
  }

  /** The drivers of the libraries inside would answer their own URLs in the user's JVM. */
  @Test
  void no_driver_but_ours_registers_itself() throws IOException {
    try (JarFile jar = DriverJar.open()) {
      assertEquals(
          List.of("org.ouroborosdb.jdbc.OuroborosDriver"),
          lines(jar, jar.getJarEntry(SERVICES + "java.sql.Driver")));
    }
  }

  @Test
  void the_manifest_names_the_command_line_and_the_module() throws IOException {
    try (JarFile jar = DriverJar.open()) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertEquals(
          "org.ouroborosdb.jdbc.shell.Main", manifest.getValue(Attributes.Name.MAIN_CLASS));
      assertEquals("org.ouroborosdb.jdbc", manifest.getValue("Automatic-Module-Name"));
      assertTrue(jar.getEntry("META-INF/LICENSE") != null, "the licence is in the jar");
    }
  }

  /** The licences of what we pass on ask for it. */
  @Test
  void every_library_inside_is_listed_with_a_licence_whose_text_is_there() throws IOException {
    try (JarFile jar = DriverJar.open()) {
      Set<String> packages = new TreeSet<>();
      List<String> missing = new ArrayList<>();
      for (String line : lines(jar, jar.getJarEntry("META-INF/licenses/NOTICE"))) {
        List<String> cells = List.of(line.split(" *\\| *", -1));
        if (cells.size() == 6 && !cells.get(1).equals("library") && !cells.get(1).equals("---")) {
          packages.addAll(List.of(cells.get(2).split(", ", -1)));
          String licence = cells.get(3);
          String text = licence.equals("Apache-2.0") ? "LICENSE" : "licenses/" + licence + ".txt";
          if (jar.getEntry("META-INF/" + text) == null) {
            missing.add(text);
          }
        }
      }
      assertEquals(List.of(), missing);
      assertEquals(List.of(), unlisted(jar, packages));
    }
  }

  private static List<String> unlisted(JarFile jar, Set<String> packages) {
    String shaded = "org/ouroborosdb/shaded/";
    return jar.stream()
        .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(shaded))
        .map(entry -> entry.getName().substring(shaded.length()))
        .filter(name -> name.endsWith(".class") || name.endsWith(".jar"))
        .filter(
            name ->
                packages.stream()
                    .noneMatch(p -> name.equals(p) || name.startsWith(p.replace('.', '/') + "/")))
        .toList();
  }

  /** Content of zeros is compressed, so this takes the native library out of the jar too. */
  @Test
  void the_store_works_in_a_child_class_loader() throws Exception {
    try (URLClassLoader loader = DriverJar.newLoader()) {
      Method run = loader.loadClass(StoreRoundTrip.class.getName()).getMethod("run");
      assertEquals(1_000_000, run.invoke(null));
    }
  }

  @Test
  void compiled_plans_and_json_functions_work_relocated() throws Exception {
    try (URLClassLoader loader = DriverJar.newLoader()) {
      Driver calcite =
          (Driver)
              loader
                  .loadClass("org.ouroborosdb.shaded.org.apache.calcite.jdbc.Driver")
                  .getConstructor()
                  .newInstance();
      Thread.currentThread().setContextClassLoader(loader);
      try (Connection connection = connect(calcite);
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT SUM(n * 2), MAX(JSON_VALUE('{\"a\": \"b\"}', 'lax $.a'))"
                      + " FROM (VALUES (1), (2), (39)) AS t(n) WHERE n > 1")) {
        assertTrue(rows.next());
        assertEquals(82, rows.getInt(1));
        assertEquals("b", rows.getString(2));
      } finally {
        Thread.currentThread().setContextClassLoader(DriverJarIT.class.getClassLoader());
      }
    }
  }

  private static Connection connect(Driver driver) throws Exception {
    Connection connection = driver.connect("jdbc:calcite:", new Properties());
    if (connection == null) {
      throw new AssertionError("the driver refused its own URL");
    }
    return connection;
  }

  private static List<String> lines(JarFile jar, JarEntry entry) throws IOException {
    String text = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    return text.lines()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
