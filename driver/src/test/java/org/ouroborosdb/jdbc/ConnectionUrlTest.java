package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a URL and its properties may say. */
class ConnectionUrlTest extends WithDatabase {
  private static String refusal(String url, Properties properties) {
    SQLException failure =
        assertThrows(SQLException.class, () -> DriverManager.getConnection(url, properties));
    assertEquals("08001", failure.getSQLState());
    return String.valueOf(failure.getMessage());
  }

  private static String refusal(String properties) {
    return refusal("jdbc:ouroboros:mem:" + properties, new Properties());
  }

  @Test
  void an_unknown_property_is_refused_with_what_was_meant() {
    assertTrue(refusal(";quereyMemory=1").contains("did you mean 'queryMemory'?"));
    assertTrue(refusal(";read_only=true").contains("did you mean 'readonly'?"));
    assertTrue(refusal(";durabilty=commit").contains("did you mean 'durability'?"));
    String far = refusal(";useUnicode=true");
    assertFalse(far.contains("did you mean"), far);
    assertTrue(far.contains("there are create, readonly, durability"), far);
    Properties properties = new Properties();
    properties.setProperty("creat", "false");
    assertTrue(refusal("jdbc:ouroboros:mem:", properties).contains("did you mean 'create'?"));
  }

  @Test
  void a_path_that_is_no_name_of_a_directory_is_refused_and_not_made() throws SQLException {
    for (String path : List.of("db?create=false", "db?a=b&readonly=true", "mem:x?queryTimeout=1")) {
      String refusal = refusal("jdbc:ouroboros:" + path, new Properties());
      assertTrue(refusal.contains("properties stand behind a ';'"), refusal);
    }
    for (String path : List.of("db ", " db", " ;create=true")) {
      String refusal = refusal("jdbc:ouroboros:" + path, new Properties());
      assertTrue(refusal.contains("%20"), refusal);
    }
    assertEquals(Path.of("a?b=c"), pathOf("a?b=c"));
    assertEquals(Path.of("a?create=d"), pathOf("a%3Fcreate=d"));
    assertEquals(Path.of("my db "), pathOf("my db%20;create=false"));
  }

  private static @Nullable Path pathOf(String path) throws SQLException {
    return ConnectionUrl.parse("jdbc:ouroboros:" + path, new Properties()).path();
  }

  @Test
  void a_query_buffers_a_quarter_of_the_heap_or_256_mib_unless_told() throws SQLException {
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    assertEquals(Math.min(256L << 20, quarter), queryMemory(""));
    assertEquals(5, queryMemory(";queryMemory=5"));
  }

  private static long queryMemory(String properties) throws SQLException {
    String url = "jdbc:ouroboros:mem:" + properties;
    return ConnectionUrl.parse(url, new Properties()).engineOptions().queryMemoryBytes();
  }

  @Test
  void wrong_values_are_refused_with_those_that_there_are() {
    assertTrue(refusal(";durability=maybe").contains("commit, interval, none"));
    assertTrue(refusal(";create=perhaps").contains("true or false"));
    assertTrue(refusal(";queryTimeout=-1").contains("a whole number from 0"));
    assertTrue(refusal(";create").contains("is no key=value"));
    assertTrue(refusal(";indexPath=%zz").contains("%25"));
    assertTrue(refusal("jdbc:ouroboros:", new Properties()).contains("names no directory"));
  }

  @Test
  void properties_that_are_no_strings_count_too() throws SQLException {
    Properties properties = new Properties();
    properties.put("readonly", true);
    properties.put("queryTimeout", 7);
    properties.put("user", "anybody");
    try (Connection reader = DriverManager.getConnection(url(), properties)) {
      assertTrue(reader.isReadOnly());
      assertEquals(7, reader.createStatement().getQueryTimeout());
    }
    Properties defaults = new Properties(properties);
    defaults.setProperty("queryTimeout", "8");
    try (Connection reader = DriverManager.getConnection(url() + ";READONLY=true", defaults)) {
      assertEquals(8, reader.createStatement().getQueryTimeout());
    }
    properties.put("queryTimeout", new Object());
    refusal(url(), properties);
  }

  @Test
  void paths_carry_any_character() throws SQLException {
    for (String name : List.of("a b", "a%3Bb", "a%25b", "gr%C3%BC%C3%9Fe", "a+b")) {
      String decoded =
          name.replace("%3B", ";").replace("%25", "%").replace("%C3%BC%C3%9F", "\u00fc\u00df");
      DriverManager.getConnection("jdbc:ouroboros:" + directory.resolve("x") + name).close();
      assertTrue(Files.isDirectory(directory.resolve("x" + decoded)), decoded);
    }
  }

  @Test
  void all_properties_are_described() throws SQLException {
    Driver driver = DriverManager.getDriver(url());
    DriverPropertyInfo[] all = driver.getPropertyInfo(url() + ";durability=none", null);
    assertEquals(ConnectionUrl.Key.values().length, all.length);
    for (DriverPropertyInfo info : all) {
      assertFalse(String.valueOf(info.description).isEmpty());
      assertEquals(info.name.equals("durability") ? "none" : info.value, info.value);
      if (info.choices != null) {
        assertTrue(Arrays.asList(info.choices).contains(info.value), info.name);
      }
    }
    assertEquals(all.length, driver.getPropertyInfo("jdbc:ouroboros:", new Properties()).length);
    assertFalse(driver.acceptsURL("jdbc:other:x"));
  }

  @Test
  void commits_are_forced_no_less_than_a_connection_asks() throws SQLException {
    String other = "jdbc:ouroboros:" + directory.resolve("other");
    try (Connection loose = DriverManager.getConnection(other + ";durability=none")) {
      assertTrue(refusal(other, new Properties()).contains("durability=none"));
      assertTrue(refusal(other + ";durability=interval", new Properties()).contains("interval"));
      DriverManager.getConnection(other + ";durability=none").close();
      assertTrue(loose.isValid(0));
    }
    try (Connection strict = DriverManager.getConnection(other)) {
      DriverManager.getConnection(other + ";durability=none").close();
      assertTrue(strict.isValid(0));
    }
  }
}
