package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random queries give the rows that H2 gives of copies of the tables. {@code -Ddifferential.seed}
 * replays a run, {@code -Ddifferential.queries} makes it longer.
 */
class DifferentialTest {
  private static final int QUERIES_PER_TREE = 50;
  private static final Map<String, String> TABLES = new TreeMap<>();

  static {
    TABLES.put(
        "events",
        "id VARCHAR, parent VARCHAR, root VARCHAR, type VARCHAR, title VARCHAR, media_type VARCHAR,"
            + " level BIGINT, depth INTEGER, seq BIGINT, temporary BOOLEAN, metadata VARCHAR,"
            + " content_length BIGINT");
    TABLES.put(
        "children",
        "parent VARCHAR, child VARCHAR, child_index BIGINT, type VARCHAR, title VARCHAR,"
            + " level BIGINT, temporary BOOLEAN, content_length BIGINT");
    TABLES.put("roots", "id VARCHAR, title VARCHAR, level BIGINT, metadata VARCHAR");
    TABLES.put(
        "files",
        "id VARCHAR, version VARCHAR, parent VARCHAR, root VARCHAR, name VARCHAR, path VARCHAR,"
            + " media_type VARCHAR, length BIGINT, level BIGINT, temporary BOOLEAN");
    TABLES.put("event_tags", "event VARCHAR, tag VARCHAR");
  }

  private final Map<String, Integer> outcomes = new TreeMap<>();

  @Test
  void random_queries_give_the_rows_that_h2_gives() throws SQLException {
    long seed = Long.getLong("differential.seed", System.nanoTime());
    int queries = Integer.getInteger("differential.queries", 200);
    System.out.println("DifferentialTest seed " + seed);
    for (int done = 0; done < queries; done += QUERIES_PER_TREE) {
      compare(new Random(seed + done));
    }
    System.out.println("DifferentialTest " + outcomes);
    int alike = outcomes.getOrDefault("alike", 0);
    assertTrue(alike * 10 > queries * 9, "too few were compared: " + outcomes);
  }

  @Test
  void frames_that_may_be_empty_give_null_as_in_h2() throws SQLException {
    try (Statements db = Statements.inMemory();
        Connection h2 = DriverManager.getConnection("jdbc:h2:mem:")) {
      RandomTree.fill(db, new Random(5));
      copy(db, h2, "events");
      List<String> failures = new ArrayList<>();
      for (String frame :
          List.of(
              "ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING",
              "ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING",
              "ROWS BETWEEN 9 FOLLOWING AND UNBOUNDED FOLLOWING",
              "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING",
              "RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING",
              "ROWS UNBOUNDED PRECEDING",
              "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW")) {
        for (String call :
            List.of(
                "COUNT(*)",
                "COUNT(level)",
                "MIN(seq)",
                "MAX(depth)",
                "MIN(id)",
                "MAX(title)",
                "SUM(depth)",
                "SUM(seq)",
                "AVG(seq)",
                "FIRST_VALUE(seq)",
                "FIRST_VALUE(title)",
                "LAST_VALUE(title)",
                "FIRST_VALUE(CAST(seq AS DECIMAL(9, 2)))",
                "LAST_VALUE(CAST(seq AS DOUBLE PRECISION))",
                "LAST_VALUE(depth)",
                "FIRST_VALUE(type)",
                "LAST_VALUE(level)",
                "MIN(level)",
                "SUM(MOD(level, 100))",
                "AVG(MOD(level, 100))",
                "LAST_VALUE(temporary)",
                "SUM(seq) + 1",
                "LAG(seq, 2)",
                "LEAD(depth, 1)")) {
          boolean framed = !call.startsWith("L") || call.startsWith("LAST");
          String over = call.endsWith("+ 1") ? call.replace(" + 1", "") : call;
          String sql =
              "SELECT seq, "
                  + over
                  + " OVER (PARTITION BY type ORDER BY seq "
                  + (framed ? frame : "")
                  + ")"
                  + (over.equals(call) ? "" : " + 1")
                  + " AS w FROM events ORDER BY seq";
          try {
            String outcome = compare(db, h2, new RandomQuery.Made(sql, List.of(), true));
            boolean refused = frame.startsWith("RANGE") && call.equals("LAST_VALUE(title)");
            if (!outcome.equals(refused ? "not supported" : "alike")) {
              failures.add(outcome + ": " + sql);
            }
          } catch (AssertionError e) {
            failures.add(sql + ": " + e.getCause());
          }
        }
      }
      assertEquals(List.of(), failures, () -> String.join("\n", failures));
      String named =
          "SELECT seq, LAST_VALUE(type) OVER w FROM events WINDOW w AS (ORDER BY seq ROWS BETWEEN"
              + " 2 PRECEDING AND 1 PRECEDING) ORDER BY seq";
      assertEquals("alike", compare(db, h2, new RandomQuery.Made(named, List.of(), true)));
      for (String refused :
          List.of(
              "ORDER BY seq ROWS UNBOUNDED PRECEDING EXCLUDE TIES",
              "ORDER BY seq DESC RANGE BETWEEN 3 PRECEDING AND 1 PRECEDING")) {
        String sql = "SELECT MIN(seq) OVER (" + refused + ") FROM events";
        SessionTest.assertState("0A001", () -> db.rows(sql));
      }
    }
  }

  @Test
  void correlated_queries_over_outer_joins_keep_rows_of_nulls_as_in_h2() throws SQLException {
    String joined = "events a LEFT JOIN event_tags t ON a.parent = t.event";
    String lengths = "(SELECT b.content_length FROM events b WHERE b.parent = a.parent)";
    String levels = "(SELECT b.level FROM children b WHERE b.parent = a.parent)";
    String same = "(SELECT COUNT(*) FROM events b WHERE b.parent IS NOT DISTINCT FROM a.parent)";
    List<String> queries =
        List.of(
            "SELECT a.seq FROM " + joined + " WHERE a.content_length NOT IN " + lengths,
            "SELECT a.seq FROM " + joined + " WHERE NOT (a.content_length = ANY " + lengths + ")",
            "SELECT a.seq FROM " + joined + " WHERE a.content_length > ALL " + lengths,
            "SELECT a.seq, " + same + " FROM " + joined,
            "SELECT a.seq, "
                + same
                + " FROM event_tags t RIGHT JOIN events a ON a.parent = t.event",
            "SELECT a.seq, " + same + " FROM " + joined + " LEFT JOIN roots r ON r.id = a.parent",
            "SELECT a.seq FROM events a WHERE a.depth NOT IN "
                + levels
                + " AND a.content_length NOT IN "
                + lengths,
            "SELECT a.seq, a.depth NOT IN " + levels + ", " + same + " FROM events a",
            "SELECT a.seq, (SELECT MAX(b.level) FROM children b WHERE b.parent = a.parent) > 0, "
                + same
                + " FROM events a");
    for (int seed = 0; seed < 3; seed++) {
      assertAlike(seed, queries);
    }
    try (Statements db = Statements.inMemory()) {
      RandomTree.fill(db, new Random(1));
      String totals =
          "(SELECT parent FROM events WHERE parent IS NOT NULL GROUP BY ROLLUP(parent)) a";
      String ofTotal = "SELECT " + same + " FROM " + totals + " WHERE a.parent IS NULL";
      assertEquals(db.rows("SELECT COUNT(*) FROM roots"), db.rows(ofTotal));
    }
  }

  @Test
  void outer_joins_keep_each_row_without_a_match_however_alike_they_are() throws SQLException {
    assertAlike(
        3,
        List.of(
            "SELECT b.depth FROM events a RIGHT JOIN events b ON FALSE",
            "SELECT a.depth FROM events a RIGHT JOIN files f ON a.root = f.id AND a.type NOT LIKE"
                + " '%'",
            "SELECT b.depth FROM (SELECT depth + 1 AS depth FROM events) a RIGHT JOIN"
                + " (SELECT depth + 1 AS depth FROM events) b ON a.depth > b.depth + 500",
            "SELECT COUNT(*) FROM events a RIGHT JOIN (VALUES 1, 1, 2) AS b(c) ON a.depth > 100"));
    try (Statements db = Statements.inMemory()) {
      RandomTree.fill(db, new Random(3));
      String sum = "SELECT (SELECT COUNT(*) FROM events) + (SELECT COUNT(*) FROM files)";
      String full = "SELECT COUNT(*) FROM events a FULL JOIN files f ON a.depth > f.length + 1000";
      assertEquals(db.rows(sum), db.rows(full));
    }
  }

  private static void assertAlike(int seed, List<String> queries) throws SQLException {
    try (Statements db = Statements.inMemory();
        Connection h2 = DriverManager.getConnection("jdbc:h2:mem:")) {
      RandomTree.fill(db, new Random(seed));
      for (String table : TABLES.keySet()) {
        copy(db, h2, table);
      }
      for (String sql : queries) {
        assertEquals("alike", compare(db, h2, new RandomQuery.Made(sql, List.of(), false)));
      }
    }
  }

  private void compare(Random random) throws SQLException {
    try (Statements db = Statements.inMemory();
        Connection h2 = DriverManager.getConnection("jdbc:h2:mem:")) {
      List<String> ids = RandomTree.fill(db, random);
      for (String table : TABLES.keySet()) {
        copy(db, h2, table);
      }
      for (int i = 0; i < QUERIES_PER_TREE; i++) {
        RandomQuery.Made query = RandomQuery.next(random, ids);
        outcomes.merge(compare(db, h2, query), 1, Integer::sum);
      }
    }
  }

  private static void copy(Statements db, Connection h2, String table) throws SQLException {
    h2.createStatement().execute("CREATE TABLE " + table + "(" + TABLES.get(table) + ")");
    List<String> names = new ArrayList<>();
    for (String column : String.valueOf(TABLES.get(table)).split(",", -1)) {
      names.add(column.trim().split(" ", -1)[0]);
    }
    String marks = String.join(", ", Collections.nCopies(names.size(), "?"));
    try (PreparedStatement insert =
        h2.prepareStatement("INSERT INTO " + table + " VALUES (" + marks + ")")) {
      for (List<@Nullable Object> row :
          db.rows("SELECT " + String.join(", ", names) + " FROM " + table)) {
        for (int i = 0; i < row.size(); i++) {
          insert.setObject(i + 1, row.get(i));
        }
        insert.execute();
      }
    }
  }

  /** Compares the rows, and says what came of it. */
  private static String compare(Statements db, Connection h2, RandomQuery.Made query) {
    List<String> expected;
    try {
      expected = rows(h2, query);
    } catch (SQLException e) {
      return "refused by H2 " + e.getErrorCode();
    }
    List<String> actual = new ArrayList<>();
    try {
      for (List<@Nullable Object> row : db.rows(query.sql(), query.parameters().toArray())) {
        StringBuilder line = new StringBuilder();
        row.forEach(value -> line.append(text(value)).append('|'));
        actual.add(line.toString());
      }
    } catch (SqlException e) {
      if (e.sqlState().equals(SqlState.NOT_SUPPORTED)) {
        return "not supported"; // also where only Calcite's assertions on names, on in tests, fail
      }
      throw new AssertionError(e.sqlState() + " from " + query, e);
    }
    if (!query.ordered()) {
      Collections.sort(expected);
      Collections.sort(actual);
    }
    assertEquals(String.join("\n", expected), String.join("\n", actual), query.toString());
    return "alike";
  }

  private static List<String> rows(Connection h2, RandomQuery.Made query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (PreparedStatement statement = h2.prepareStatement(query.sql())) {
      for (int i = 0; i < query.parameters().size(); i++) {
        statement.setObject(i + 1, query.parameters().get(i));
      }
      ResultSet result = statement.executeQuery();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          line.append(text(result.getObject(i))).append('|');
        }
        rows.add(line.toString());
      }
    }
    return rows;
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Number number) {
      BigDecimal exact = new BigDecimal(number.toString()).setScale(6, RoundingMode.HALF_EVEN);
      return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
    }
    return value == null
        ? "NULL"
        : value instanceof String text ? "'" + text + "'" : value.toString();
  }
}
