package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Limits;

/** Keys and values through JDBC, whatever the keys. */
class KeysTest extends WithDatabase {
  /** No two are the same key. */
  private static List<String> hostileKeys() {
    String accented = "caf\u00e9";
    return List.of(
        "a",
        "A",
        " a ",
        "a/b",
        "a/b%",
        "a/b_c",
        "a/bxc",
        "%",
        "_",
        "\\",
        "'; DROP TABLE kv; --",
        "\u0000",
        "a\u0000b",
        "\n\r\t",
        accented,
        Normalizer.normalize(accented, Normalizer.Form.NFD),
        "\u05d0\u05d1/\u202e\u0627",
        "\ud83d\udc0d",
        "\uffff",
        "kv",
        "k".repeat(Limits.MAX_TITLE_BYTES),
        "\u20ac".repeat(Limits.MAX_TITLE_BYTES / 3));
  }

  private int update(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = db.prepareStatement(sql)) {
      set(statement, values);
      return statement.executeUpdate();
    }
  }

  @Test
  void every_text_is_a_key_of_its_own() throws SQLException {
    List<String> keys = hostileKeys();
    for (int i = 0; i < keys.size(); i++) {
      insert("INSERT INTO kv(key, metadata) VALUES (?, ?)", keys.get(i), "v" + i);
    }
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i);
      assertEquals(List.of("v" + i), query("SELECT metadata FROM kv WHERE key = ?", key));
      assertState("23505", () -> insert("INSERT INTO kv(key) VALUES (?)", key));
      assertEquals(1, update("UPSERT INTO kv(key, metadata) VALUES (?, ?)", key, "w" + i));
      assertEquals(1, update("UPDATE kv SET content = X'01' WHERE key = ?", key));
      assertEquals(
          List.of("v" + i, "w" + i, "w" + i),
          query("SELECT metadata FROM kv_history WHERE key = ? ORDER BY level", key));
    }
    List<String> shown = new ArrayList<>(query("SELECT key FROM kv"));
    List<String> expected = new ArrayList<>(keys);
    Collections.sort(shown);
    Collections.sort(expected);
    assertEquals(expected, shown);
    for (int i = 0; i < keys.size(); i++) {
      assertEquals(1, update("DELETE FROM kv WHERE key = ?", keys.get(i)));
      assertEquals(0, update("DELETE FROM kv WHERE key = ?", keys.get(i)));
    }
    assertEquals(List.of("0"), query("SELECT count(*) FROM kv"));
    assertEquals(List.of("" + 4 * keys.size()), query("SELECT count(*) FROM kv_history"));
  }

  @Test
  void what_can_be_no_key_is_refused() throws SQLException {
    String insert = "INSERT INTO kv(key, metadata) VALUES (?, 'v')";
    assertState("23502", () -> insert(insert, ""));
    assertState("23502", () -> insert(insert, (Object) null));
    assertState("22021", () -> insert(insert, "\ud83d"));
    assertState("22001", () -> insert(insert, "k".repeat(Limits.MAX_TITLE_BYTES + 1)));
    assertState("22001", () -> insert(insert, "\u20ac".repeat(Limits.MAX_TITLE_BYTES / 3 + 1)));
    assertEquals(List.of("0"), query("SELECT count(*) FROM kv_history"));
  }

  @Test
  void prefixes_and_ranges_find_what_a_scan_finds_and_use_the_index() throws SQLException {
    for (String key : hostileKeys()) {
      insert("INSERT INTO kv(key) VALUES (?)", key);
    }
    for (String table : List.of("kv", "kv_history")) {
      for (String condition :
          List.of(
              "key LIKE 'a/b%'",
              "key LIKE 'a/b_c'",
              "key LIKE 'a/b!_c' ESCAPE '!'",
              "key LIKE 'a/b!%%' ESCAPE '!'",
              "key LIKE 'a%' AND key <> 'a'",
              "key >= 'a/b' AND key < 'a/c'",
              "key BETWEEN 'a/b' AND 'a/bz'")) {
        String found = "SELECT key FROM " + table + " WHERE " + condition + " ORDER BY key";
        String scanned =
            found.replace("key LIKE", "key || '' LIKE").replace("key >", "key || '' >");
        scanned =
            scanned.replace("key <", "key || '' <").replace("key BETWEEN", "key || '' BETWEEN");
        List<String> rows = query(found);
        assertEquals(query(scanned), rows, found);
        assertTrue(!rows.isEmpty(), found);
        String plan = query("EXPLAIN " + found).toString();
        assertTrue(plan.contains("TITLE_PREFIX"), plan);
        assertTrue(!query("EXPLAIN " + scanned).toString().contains("TITLE_PREFIX"), scanned);
      }
    }
    assertEquals(
        List.of("a/b", "a/b%", "a/b_c", "a/bxc"),
        query("SELECT key FROM kv WHERE key LIKE ? ORDER BY key", "a/b%"));
    assertEquals(
        List.of("a/b_c"), query("SELECT key FROM kv WHERE key LIKE ? ESCAPE '!'", "a/b!_c"));
    assertEquals(List.of(), query("SELECT key FROM kv WHERE key >= ? AND key < ?", "b", "b"));
    assertEquals(
        List.of("a/b", "a/b%"),
        query("SELECT key FROM kv WHERE key >= ? AND key < ? ORDER BY key", "a/b", "a/b_"));
  }
}
