package org.ouroborosdb.jdbc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands print, and the status they end with. */
final class CommandLineTest extends WithCommandLine {
  private String query(String format, String sql) {
    assertEquals(0, run("shell", db, "--format", format, "-e", sql), err::toString);
    return out.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shell",
        "import",
        "export",
        "verify",
        "stats",
        "report",
        "sync",
        "backup",
        "restore",
        "repair",
        "compact",
        "reclaim",
        "rebuild-index",
        "tour",
        "help"
      })
  void every_command_explains_itself(String command) {
    assertEquals(0, run(command, "--help"));
    assertTrue(out.toString().startsWith("Usage: ouroboros " + command), out::toString);
  }

  @Test
  void wrong_arguments_end_with_2_and_the_usage() throws IOException {
    fails(2, "Usage: ouroboros");
    fails(2, "There is no command 'bogus'; there are: shell, import,", "bogus");
    fails(2, "There is no command 'bogus'", "bogus", "--help");
    fails(2, "There is no command ''", "");
    assertEquals(0, run("--help"), out::toString);
    fails(2, "Missing required parameter", "import", db);
    fails(2, "Unknown option: '--bogus'", "stats", db, "--bogus");
    fails(2, "but was 'bogus'", "shell", db, "--format", "bogus");
    assertFalse(Files.exists(Path.of(db)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "stats"})
  void a_missing_database_is_named_and_not_made(String command) throws IOException {
    fails(1, "there is no database at " + db, command, db);
    fails(1, "there is no database at " + db, "export", db, "x", directory.resolve("x").toString());
    assertFalse(Files.exists(Path.of(db)));
    Path file = Files.writeString(directory.resolve("file"), "");
    fails(1, "is a file; a database is a directory", command, file.toString());
  }

  @Test
  void what_cannot_be_imported_is_named_and_no_database_is_made() throws IOException {
    fails(1, "/nowhere: does not exist", "import", db, "/nowhere");
    Path file = Files.writeString(directory.resolve("file"), "");
    fails(1, file + ": is no directory", "import", db, file.toString());
    assertFalse(Files.exists(Path.of(db)));
  }

  @Test
  void an_unknown_event_is_named() {
    query("table", "INSERT INTO roots(title) VALUES ('there')");
    fails(1, "no root the title, 'x'", "export", db, "x", directory.resolve("x").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELEC 1", "SELECT * FROM nope", "UPDATE events SET title = 'x'", "'"})
  void a_failing_statement_is_one_line_with_its_sqlstate(String sql) {
    fails(1, "shell: -e, statement at line 1: ", "shell", db, "-e", sql);
    assertTrue(err.toString().matches("(?s).* \\[[0-9A-Z]{5}\\]\\R"), err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
  }

  @Test
  void csv_quotes_what_needs_quotes() {
    assertEquals(
        """
        a,"b ""c""\",d,e,f
        "x,""y""
        z",,"",48656c6c6f,"[""p"",""q,r""]"
        """,
        query(
            "csv",
            "SELECT 'x,\"y\"\nz' AS a, CAST(NULL AS INTEGER) AS \"b \"\"c\"\"\", '' AS d,"
                + " X'48656c6c6f' AS e, ARRAY['p', 'q,r'] AS f"));
  }

  @Test
  void json_keeps_types_and_escapes_texts() {
    assertEquals(
        """
        [
        {"a":"\\"\\\\\\n\\u0001\u00e9\ud83d\ude00","b":null,"c":7,"d":true,"e":1.50,"f":"2026-01-31 00:00:00"}
        ]
        """,
        query(
            "json",
            "SELECT '\"\\\n\u0001\u00e9\ud83d\ude00' AS a, CAST(NULL AS INTEGER) AS b, 7 AS c,"
                + " TRUE AS d, 1.50 AS e, TIMESTAMP '2026-01-31 00:00:00' AS f"));
    assertEquals("[]\n", query("json", "SELECT id FROM events"));
  }

  @Test
  void stored_bytes_are_hexadecimal_digits_and_in_tables_a_number() {
    query("csv", "INSERT INTO roots(title) VALUES ('r')");
    query(
        "csv",
        "INSERT INTO files(parent, name, content) SELECT id, 'a', X'00ff' FROM roots;"
            + "INSERT INTO files(parent, name, content) SELECT id, 'b', X'' FROM roots");
    String sql = "SELECT name, content FROM files ORDER BY name";
    assertEquals("name,content\na,00ff\nb,\"\"\n", query("csv", sql));
    assertTrue(query("json", sql).contains("{\"name\":\"a\",\"content\":\"00ff\"}"));
    assertTrue(query("table", sql).contains("a    | (2 bytes)\n"), out::toString);
    assertTrue(query("vertical", sql).contains("content  (0 bytes)\n"), out::toString);
  }

  @Test
  void a_table_is_aligned_and_counts_its_rows() {
    assertEquals(
        """
        N    | T
        -----+----
        1    | x?y
        NULL | z
        (2 rows)

        """,
        query("table", "SELECT * FROM (VALUES (1, 'x\ny'), (NULL, 'z')) AS v(\"N\", \"T\")"));
  }

  @Test
  void a_pipe_is_run_statement_by_statement() {
    InputStream before = System.in;
    String script = "-- it's first\nSELECT 'a;b' AS x; ;\n/* ; */ SELECT 2 AS y\n;SELECT\nnope;";
    System.setIn(new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)));
    try {
      fails(1, "standard input, statement at line 4: line 2, column 1", "shell", db);
      assertTrue(out.toString().contains("a;b\n(1 row)"), out::toString);
      assertTrue(out.toString().contains("2\n(1 row)"), out::toString);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void a_file_of_statements_is_run() throws IOException {
    Path script = Files.writeString(directory.resolve("s.sql"), "SELECT 1 AS a;SELECT 2 AS b");
    assertEquals(0, run("shell", db, "--format=csv", "--run", script.toString()), err::toString);
    assertEquals("a\n1\nb\n2\n", out.toString());
    fails(1, "/nowhere: does not exist", "shell", db, "--run", "/nowhere");
  }

  @Test
  void output_that_nobody_reads_ends_the_run_quietly() {
    Writer closed =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    String many = "SELECT 1 AS n UNION ALL SELECT 2";
    assertEquals(
        0, Main.run(new PrintWriter(closed), new PrintWriter(err), "shell", db, "-e", many));
    assertEquals("", err.toString());
  }

  @Test
  void import_export_verify_and_stats_say_what_they_did() throws IOException {
    Path tree = directory.resolve("tree");
    Files.createDirectories(tree.resolve("inner"));
    Files.writeString(tree.resolve("inner/a.txt"), "hello");
    assertEquals(0, run("import", db, tree.toString()), err::toString);
    assertTrue(out.toString().startsWith("3 added, 0 changed, 0 removed, 0 unchanged; 5 B read"));
    Path target = directory.resolve("out");
    assertEquals(0, run("export", db, "tree", target.toString()), err::toString);
    assertEquals("hello", Files.readString(target.resolve("inner/a.txt")));
    fails(1, "not empty", "export", db, "tree", target.toString());
    assertEquals(0, run("verify", db), err::toString);
    assertTrue(out.toString().contains("3 events"), out::toString);
    assertTrue(out.toString().contains("sound"), out::toString);
    assertEquals(0, run("stats", db), err::toString);
    assertTrue(out.toString().contains("events       3 (1 root)"), out::toString);
  }
}
