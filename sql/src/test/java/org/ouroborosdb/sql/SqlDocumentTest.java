package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;

/** docs/SQL.md tells the truth: its examples run, and each finds or writes something. */
class SqlDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "SQL.md");

  /** The rows that an empty database shows of itself. */
  private static final Map<String, Integer> SYSTEM_ROWS =
      Map.of("sys.replicas", 0, "sys.statistics", 1, "sys.segments", 1, "sys.storage", 10);

  @Test
  void every_example_of_the_document_runs() throws IOException {
    List<String> examples = examples();
    assertTrue(examples.size() > 15, "only " + examples.size() + " examples");
    try (Statements db = Statements.inMemory()) {
      for (String sql : examples) {
        PreparedPlan plan = db.session.prepare(sql);
        if (plan.kind() == PreparedPlan.Kind.QUERY) {
          List<?> nulls = Collections.nCopies(plan.parameters().size(), null);
          try (ResultRows rows = plan.query(nulls, 0, Cancellation.create())) {
            assertTrue(rows.next() || sql.contains("CALL "), "no row from " + sql);
          }
        } else {
          long count = plan.update(List.of(), Cancellation.create()).count();
          assertTrue(count > 0 || plan.kind() == PreparedPlan.Kind.CALL, sql);
        }
      }
      assertEquals(0L, db.value("SELECT count(*) FROM events WHERE temporary"));
    }
  }

  @Test
  void the_document_lists_the_columns_that_the_tables_have() throws IOException {
    String text = Files.readString(DOCUMENT).toLowerCase(Locale.ROOT);
    try (Statements db = Statements.inMemory()) {
      List<List<Object>> columns = new ArrayList<>();
      db.rows(
              "SELECT CASE table_schema WHEN 'sys' THEN 'sys.' ELSE '' END || table_name, column_name FROM information_schema.columns")
          .forEach(
              row -> columns.add(List.of(String.valueOf(row.get(0)), String.valueOf(row.get(1)))));
      assertTrue(columns.size() > 40);
      for (List<Object> column : columns) {
        String line =
            text.lines()
                .filter(l -> l.startsWith("| `" + column.get(0) + "` | `"))
                .findFirst()
                .orElse("");
        assertTrue(line.contains("`" + column.get(1) + "`"), "missing " + column);
        assertEquals(
            SYSTEM_ROWS.getOrDefault(column.get(0), 0),
            db.rows("SELECT " + column.get(1) + " FROM " + column.get(0)).size(),
            "cannot be selected unquoted: " + column);
      }
    }
  }

  private static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    boolean inside = false;
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("```")) {
        inside = line.equals("```sql");
      } else if (inside) {
        statement.append(line).append('\n');
        if (line.endsWith(";")) {
          examples.add(statement.toString());
          statement.setLength(0);
        }
      }
    }
    return examples;
  }
}
