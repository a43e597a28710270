package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.EventId;

/** What the plans of typical statements are, together with the rows they give. */
class PlanTest {
  private static Statements db;
  private static EventId root;

  @BeforeAll
  static void open() {
    db = Statements.inMemory();
    root = db.insert("INSERT INTO roots(title) VALUES ('r')");
    for (String title : List.of("c", "b", "a")) {
      db.insert(
          "INSERT INTO files(parent, name, content) VALUES (?, ?, X'00')", root.toString(), title);
    }
    db.insert(
        "INSERT INTO events(parent, title, tags) VALUES (?, 'd', ARRAY['x', 'y'])",
        root.toString());
  }

  @AfterAll
  static void close() {
    db.close();
  }

  private static void check(String plan, List<?> rows, String sql, @Nullable Object... parameters) {
    List<@Nullable Object> first = new ArrayList<>();
    db.rows(sql, parameters).forEach(row -> first.add(row.get(0)));
    assertEquals(rows, first, sql);
    String explained =
        db.rows("EXPLAIN " + sql).stream()
            .map(row -> String.valueOf(row.get(0)).stripTrailing())
            .reduce((a, b) -> a + "\n" + b)
            .orElse("");
    assertEquals(plan.stripTrailing(), explained, sql);
  }

  @Test
  void the_children_of_a_parent_need_no_sort() {
    String id = root.toString();
    check(
        """
        EnumerableCalc(expr#0..1=[{inputs}], title=[$t0])
          EnumerableLimit(fetch=[2])
            EnumerableEventScan(table=[[ouroboros, children]], path=[BY_PARENT[?0]], columns=[title, child_index])
        """,
        List.of("c", "b"),
        "SELECT title FROM children WHERE parent = ? ORDER BY child_index LIMIT 2",
        id);
    check(
        """
        EnumerableEventScan(table=[[ouroboros, events]], path=[BY_PARENT[?0]], columns=[title])
        """,
        List.of("c", "b", "a", "d"),
        "SELECT title FROM events WHERE parent = ? ORDER BY level",
        id);
  }

  @Test
  void metadata_is_read_of_rows_that_the_rest_of_a_condition_leaves() {
    check(
        """
        EnumerableCalc(expr#0..1=[{inputs}], expr#2=[IS NULL($t1)], title=[$t0], $condition=[$t2])
          EnumerableEventScan(table=[[ouroboros, roots]], path=[FULL_SCAN], columns=[title, metadata], metadata=[late])
        """,
        List.of("r"),
        "SELECT title FROM roots WHERE metadata IS NULL");
    check(
        """
        EnumerableCalc(expr#0..2=[{inputs}], expr#3=[read_metadata($t2)], expr#4=[1:BIGINT], expr#5=[>($t1, $t4)], metadata=[$t3], title=[$t0], $condition=[$t5])
          EnumerableEventScan(table=[[ouroboros, files]], path=[FULL_SCAN], columns=[name, length, metadata], metadata=[late])
        """,
        List.of(),
        "SELECT metadata, name AS title FROM files WHERE length > 1");
    check(
        """
        EnumerableAggregate(group=[{}], EXPR$0=[COUNT($0)])
          EnumerableEventScan(table=[[ouroboros, events]], path=[FULL_SCAN], columns=[metadata], metadata=[late])
        """,
        List.of(0L),
        "SELECT COUNT(metadata) FROM events");
    assertEquals(6L, db.value("SELECT COUNT(*) + 1 FROM (SELECT metadata FROM events) AS m"));
  }

  @Test
  void a_file_is_looked_up_by_the_version_it_shows() {
    Object version = db.value("SELECT version FROM files WHERE name = 'b'");
    check(
        """
        EnumerableEventScan(table=[[ouroboros, files]], path=[BY_VERSION[?0]], columns=[name])
        """,
        List.of("b"),
        "SELECT name FROM files WHERE version = ?",
        version);
    assertEquals(List.of(), db.rows("SELECT name FROM files WHERE version = ?", root.toString()));
  }

  @Test
  void an_ordered_index_gives_the_last_rows() {
    check(
        """
        EnumerableCalc(expr#0..1=[{inputs}], title=[$t0])
          EnumerableLimit(fetch=[2])
            EnumerableEventScan(table=[[ouroboros, events]], path=[TIME_RANGE[null:NULL, null:NULL] DESC], columns=[title, created_at])
        """,
        List.of("d", "a"),
        "SELECT title FROM events ORDER BY created_at DESC LIMIT 2");
    check(
        """
        EnumerableCalc(expr#0=[{inputs}], expr#1=[3:BIGINT], expr#2=[<($t0, $t1)], seq=[$t0], $condition=[$t2])
          EnumerableEventScan(table=[[ouroboros, events]], path=[SEQ_RANGE[null:NULL, 3:BIGINT]], columns=[seq])
        """,
        List.of(1L, 2L),
        "SELECT seq FROM events WHERE seq < 3 ORDER BY seq");
  }

  @Test
  void functions_are_scans() {
    check(
        """
        EnumerableEventScan(table=[[ouroboros, events]], path=[SUBTREE[?0, null:NULL]], content=[locator], count=[true])
        """,
        List.of(5L),
        "SELECT COUNT(*) FROM TABLE(subtree(?))",
        root.toString());
    check(
        """
        EnumerableEventScan(table=[[ouroboros, events]], path=[WITH_TAGS[_UTF-8'x', _UTF-8'y', null:NULL, null:NULL, null:NULL, null:NULL, null:NULL, null:NULL]], columns=[title])
        """,
        List.of("d"),
        "SELECT title FROM TABLE(tagged('x', 'y'))");
  }

  @Test
  void one_of_several_columns_is_looked_up_by_each() {
    check(
        """
        EnumerableCalc(expr#0..2=[{inputs}], title=[$t2])
          EnumerableUnion(all=[true])
            EnumerableEventScan(table=[[ouroboros, events]], path=[BY_ID[?0]], columns=[id, parent, title])
            EnumerableCalc(expr#0..2=[{inputs}], expr#3=[?0], expr#4=[=($t0, $t3)], expr#5=[IS NOT TRUE($t4)], proj#0..2=[{exprs}], $condition=[$t5])
              EnumerableEventScan(table=[[ouroboros, events]], path=[BY_PARENT[?1]], columns=[id, parent, title])
        """,
        List.of("r", "c", "b", "a", "d"),
        "SELECT title FROM events WHERE id = ? OR parent = ?",
        root.toString(),
        root.toString());
  }

  @Test
  void a_condition_on_all_tags_is_a_look_up() {
    check(
        """
        EnumerableEventScan(table=[[ouroboros, events]], path=[WITH_TAGS[_UTF-8'x', _UTF-8'y']], columns=[title])
        """,
        List.of("d"),
        "SELECT title FROM events WHERE tagged('x', 'y')");
  }

  @Test
  void a_join_looks_up_each_row() {
    check(
        """
        EnumerableCalc(expr#0..3=[{inputs}], title=[$t3])
          EnumerableCorrelate(correlation=[$cor0], joinType=[inner], requiredColumns=[{0}])
            EnumerableEventScan(table=[[ouroboros, roots]], path=[BY_TITLE[_UTF-8'r':VARCHAR CHARACTER SET "UTF-8"]], columns=[id, title])
            EnumerableEventScan(table=[[ouroboros, children]], path=[BY_PARENT[$cor0.id]], columns=[parent, title])
        """,
        List.of("c", "b", "a", "d"),
        "SELECT c.title FROM roots r JOIN children c ON c.parent = r.id WHERE r.title = 'r'");
  }

  @Test
  void whether_an_event_has_children_is_a_look_up_of_one() {
    check(
        """
        EnumerableCalc(expr#0..3=[{inputs}], expr#4=[IS NULL($t2)], title=[$t1], $condition=[$t4])
          EnumerableCorrelate(correlation=[$cor1], joinType=[left], requiredColumns=[{0}])
            EnumerableEventScan(table=[[ouroboros, events]], path=[BY_TITLE[_UTF-8'd':VARCHAR CHARACTER SET "UTF-8"]], columns=[id, title])
            EnumerableAggregate(group=[{0, 1}])
              EnumerableLimit(fetch=[1])
                EnumerableCalc(expr#0=[{inputs}], expr#1=[true], i=[$t1], parent=[$t0])
                  EnumerableEventScan(table=[[ouroboros, children]], path=[BY_PARENT[$cor1.id]], columns=[parent])
        """,
        List.of("d"),
        "SELECT title FROM events e WHERE title = 'd'"
            + " AND NOT EXISTS (SELECT 1 FROM children c WHERE c.parent = e.id)");
  }

  @Test
  void what_an_events_children_come_to_is_a_look_up() {
    check(
        """
        EnumerableCalc(expr#0..3=[{inputs}], expr#4=[IS NULL($t3)], expr#5=[0:BIGINT], expr#6=[CASE($t4, $t5, $t3)], n=[$t6])
          EnumerableHashJoin(condition=[=($0, $2)], joinType=[left])
            EnumerableEventScan(table=[[ouroboros, roots]], path=[BY_TITLE[_UTF-8'r':VARCHAR CHARACTER SET "UTF-8"]], columns=[id, title])
            EnumerableCalc(expr#0..2=[{inputs}], expr#3=[IS NOT NULL($t2)], expr#4=[0], expr#5=[CASE($t3, $t2, $t4)], parent=[$t0], EXPR$0=[$t5])
              EnumerableCorrelate(correlation=[$cor1], joinType=[left], requiredColumns=[{0}])
                EnumerableEventScan(table=[[ouroboros, roots]], path=[BY_TITLE[_UTF-8'r':VARCHAR CHARACTER SET "UTF-8"]], columns=[id])
                EnumerableAggregate(group=[{0}], EXPR$0=[COUNT()])
                  EnumerableEventScan(table=[[ouroboros, children]], path=[BY_PARENT[$cor1.id]], columns=[parent])
        """,
        List.of(4L),
        "SELECT (SELECT COUNT(*) FROM children c WHERE c.parent = r.id) AS n FROM roots r"
            + " WHERE title = 'r'");
    check(
        """
        EnumerableCalc(expr#0..3=[{inputs}], n=[$t3])
          EnumerableCorrelate(correlation=[$cor0], joinType=[inner], requiredColumns=[{0}])
            EnumerableEventScan(table=[[ouroboros, roots]], path=[BY_TITLE[_UTF-8'r':VARCHAR CHARACTER SET "UTF-8"]], columns=[id, title])
            EnumerableCalc(expr#0..1=[{inputs}], expr#2=[3:BIGINT], expr#3=[>($t1, $t2)], proj#0..1=[{exprs}], $condition=[$t3])
              EnumerableAggregate(group=[{0}], n=[COUNT()])
                EnumerableEventScan(table=[[ouroboros, children]], path=[BY_PARENT[$cor0.id]], columns=[parent])
        """,
        List.of(4L),
        "SELECT g.n FROM roots r JOIN"
            + " (SELECT parent, COUNT(*) AS n FROM children GROUP BY parent HAVING COUNT(*) > 3) g"
            + " ON g.parent = r.id WHERE r.title = 'r'");
  }

  @Test
  void the_ends_of_an_order_are_read_from_its_index() {
    check(
        """
        EnumerableAggregate(group=[{}], EXPR$0=[MAX($0)], EXPR$1=[MIN($0)])
          EnumerableUnion(all=[true])
            EnumerableLimit(fetch=[1])
              EnumerableEventScan(table=[[ouroboros, events]], path=[LEVEL_RANGE[null:NULL, null:NULL] DESC], columns=[level])
            EnumerableLimit(fetch=[1])
              EnumerableEventScan(table=[[ouroboros, events]], path=[LEVEL_RANGE[null:NULL, null:NULL]], columns=[level])
        """,
        db.rows("SELECT level FROM events WHERE title = 'd'").get(0),
        "SELECT MAX(level), MIN(level) FROM events");
    assertEquals(
        List.of(Arrays.asList(null, null)),
        db.rows("SELECT MAX(level), MIN(level) FROM events WHERE level > 9223372036854775806"));
  }

  @Test
  void the_latest_events_look_up_their_parents() {
    check(
        """
        EnumerableCalc(expr#0..4=[{inputs}], expr#5=[_UTF-8' of '], expr#6=[CONCAT($t1, $t5)], expr#7=[CONCAT($t6, $t4)], EXPR$0=[$t7])
          EnumerableLimit(fetch=[3])
            EnumerableCorrelate(correlation=[$cor0], joinType=[inner], requiredColumns=[{0}])
              EnumerableEventScan(table=[[ouroboros, events]], path=[LEVEL_RANGE[null:NULL, null:NULL] DESC], columns=[parent, title, level])
              EnumerableEventScan(table=[[ouroboros, events]], path=[BY_ID[$cor0.parent]], columns=[id, title])
        """,
        List.of("d of r", "a of r", "b of r"),
        "SELECT e.title || ' of ' || p.title FROM events p JOIN events e ON p.id = e.parent"
            + " ORDER BY e.level DESC LIMIT 3");
    check(
        """
        EnumerableCalc(expr#0..3=[{inputs}], expr#4=[IS NULL($t3)], expr#5=[0:BIGINT], expr#6=[CASE($t4, $t5, $t3)], n=[$t6])
          EnumerableLimitSort(sort0=[$1], dir0=[DESC], fetch=[2])
            EnumerableCorrelate(correlation=[$cor1], joinType=[left], requiredColumns=[{0}])
              EnumerableLimit(fetch=[2])
                EnumerableEventScan(table=[[ouroboros, events]], path=[LEVEL_RANGE[null:NULL, null:NULL] DESC], columns=[id, level])
              EnumerableCalc(expr#0..2=[{inputs}], expr#3=[IS NOT NULL($t2)], expr#4=[0], expr#5=[CASE($t3, $t2, $t4)], parent=[$t0], EXPR$0=[$t5])
                EnumerableCorrelate(correlation=[$cor2], joinType=[left], requiredColumns=[{0}])
                  EnumerableEventScan(table=[[ouroboros, events]], path=[BY_ID[$cor1.id]], columns=[id])
                  EnumerableAggregate(group=[{0}], EXPR$0=[COUNT()])
                    EnumerableEventScan(table=[[ouroboros, children]], path=[BY_PARENT[$cor2.id]], columns=[parent])
        """,
        List.of(0L, 0L),
        "SELECT (SELECT COUNT(*) FROM children c WHERE c.parent = e.id) AS n FROM events e"
            + " ORDER BY level DESC LIMIT 2");
  }

  @Test
  void the_latest_child_of_a_few_is_a_look_up_and_a_window_over_all_is_not_divided() {
    check(
        """
        EnumerableCalc(expr#0..3=[{inputs}], title=[$t2])
          EnumerableCorrelate(correlation=[$cor1], joinType=[inner], requiredColumns=[{0}])
            EnumerableEventScan(table=[[ouroboros, roots]], path=[BY_TITLE[_UTF-8'r':VARCHAR CHARACTER SET "UTF-8"]], columns=[id, title])
            EnumerableCalc(expr#0..3=[{inputs}], expr#4=[1], expr#5=[<=($t3, $t4)], title=[$t1], parent=[$t0], $condition=[$t5])
              EnumerableWindow(window#0=[window(partition {0} order by [2 DESC] rows between UNBOUNDED PRECEDING and CURRENT ROW aggs [ROW_NUMBER()])])
                EnumerableEventScan(table=[[ouroboros, children]], path=[BY_PARENT[$cor1.id]], columns=[parent, title, level])
        """,
        List.of("d"),
        "SELECT x.title FROM roots r, LATERAL (SELECT title FROM children c WHERE c.parent = r.id"
            + " ORDER BY level DESC LIMIT 1) x WHERE r.title = 'r'");
    check(
        """
        EnumerableAggregate(group=[{0}])
          EnumerableCalc(expr#0..3=[{inputs}], n=[$t3])
            EnumerableHashJoin(condition=[=($0, $2)], joinType=[inner])
              EnumerableEventScan(table=[[ouroboros, roots]], path=[BY_TITLE[_UTF-8'r':VARCHAR CHARACTER SET "UTF-8"]], columns=[id, title])
              EnumerableWindow(window#0=[window(aggs [COUNT()])])
                EnumerableEventScan(table=[[ouroboros, children]], path=[FULL_SCAN], columns=[parent])
        """,
        List.of(4L),
        "SELECT DISTINCT x.n FROM roots r JOIN (SELECT parent, COUNT(*) OVER () AS n FROM children)"
            + " x ON x.parent = r.id WHERE r.title = 'r'");
  }

  @Test
  void a_parameter_may_say_how_many_of_the_latest_there_are() {
    String sql =
        "SELECT p.title FROM events e LEFT JOIN events p ON p.id = e.parent"
            + " ORDER BY e.level DESC LIMIT ?";
    assertEquals(List.of(List.of("r"), List.of("r")), db.rows(sql, 2));
    assertTrue(
        db.rows("EXPLAIN " + sql).toString().contains("BY_ID[$cor0.parent]"), "a look-up for each");
  }

  @Test
  void a_pattern_is_looked_up() {
    check(
        """
        EnumerableCalc(expr#0=[{inputs}], expr#1=[?0], expr#2=[LIKE($t0, $t1)], name=[$t0], $condition=[$t2])
          EnumerableEventScan(table=[[ouroboros, files]], path=[TITLE_PREFIX[?0]], columns=[name])
        """,
        List.of("a"),
        "SELECT name FROM files WHERE name LIKE ?",
        "a%");
  }

  @Test
  void a_row_without_a_seq_comes_where_the_order_says() {
    try (Statements own = Statements.inMemory()) {
      own.insert("INSERT INTO roots(title) VALUES ('old')");
      own.session.setAutoCommit(false);
      own.insert("INSERT INTO roots(title) VALUES ('new')");
      String sql = "SELECT title FROM events ORDER BY seq ";
      assertEquals("[[new], [old]]", String.valueOf(own.rows(sql + "NULLS FIRST")));
      assertEquals("[[old], [new]]", String.valueOf(own.rows(sql + "DESC NULLS LAST")));
      assertEquals("[[old], [new]]", String.valueOf(own.rows(sql)));
      assertEquals("[[new], [old]]", String.valueOf(own.rows(sql + "DESC")));
    }
  }
}
