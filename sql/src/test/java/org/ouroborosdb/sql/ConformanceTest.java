package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.ouroborosdb.store.Cancellation;

/**
 * Each statement of conformance.txt gives exactly the rows, count or SQLSTATE that stand below it.
 *
 * <p>A block is {@code > statement} (lines that follow indented belong to it), then {@code = row}
 * with {@code |} between values, {@code # count} (and {@code as NAME} for the first key), or {@code
 * ! SQLSTATE} and a piece of the message. {@code $NAME} stands for a key everywhere.
 */
class ConformanceTest {
  private static final Pattern KEY = Pattern.compile("\\$([a-z]\\w*)");

  private final Statements statements = Statements.inMemory();
  private final Map<String, String> keys = new LinkedHashMap<>();

  @TestFactory
  Stream<DynamicTest> statements_give_what_the_table_says() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (List<String> block : blocks()) {
      tests.add(DynamicTest.dynamicTest("> " + block.get(0), () -> check(block)));
    }
    return tests.stream().onClose(statements::close);
  }

  private static List<List<String>> blocks() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ConformanceTest.class.getResourceAsStream("/conformance.txt"))) {
      List<List<String>> blocks = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.startsWith("> ")) {
          blocks.add(new ArrayList<>(List.of(line.substring(2))));
        } else if (line.startsWith("  ")) {
          List<String> block = blocks.get(blocks.size() - 1);
          block.set(0, block.get(0) + "\n" + line.substring(2));
        } else if (!line.isBlank() && !line.startsWith("--")) {
          blocks.get(blocks.size() - 1).add(line);
        }
      }
      return blocks;
    }
  }

  private void check(List<String> block) {
    String name = null;
    List<String> expected = new ArrayList<>(block.subList(1, block.size()));
    if (!expected.isEmpty() && expected.get(0).contains(" as ")) {
      String[] parts = expected.get(0).split(" as ", 2);
      expected.set(0, parts[0]);
      name = parts[1];
    }
    String sql =
        KEY.matcher(block.get(0)).replaceAll(m -> keys.getOrDefault(m.group(1), m.group()));
    List<String> actual = run(sql, name);
    if (expected.size() == 1 && expected.get(0).startsWith("!") && actual.size() == 1) {
      String wanted = expected.get(0);
      boolean same =
          actual.get(0).startsWith(wanted.substring(0, Math.min(7, wanted.length())))
              && actual.get(0).contains(wanted.substring(Math.min(7, wanted.length())).trim());
      assertEquals(wanted, same ? wanted : actual.get(0), sql);
      return;
    }
    assertEquals(String.join("\n", expected), String.join("\n", actual), sql);
  }

  private List<String> run(String sql, @Nullable String name) {
    try {
      PreparedPlan plan = statements.session.prepare(sql);
      if (plan.kind() == PreparedPlan.Kind.QUERY) {
        return statements.rows(sql).stream().map(this::line).toList();
      }
      UpdateResult result = plan.update(List.of(), Cancellation.create());
      if (name != null) {
        keys.put(name, result.keys().get(0).toString());
      }
      return List.of("# " + result.count());
    } catch (SqlException e) {
      return List.of("! " + e.sqlState() + " " + e.getMessage());
    }
  }

  private String line(List<@Nullable Object> row) {
    StringBuilder line = new StringBuilder("=");
    for (Object value : row) {
      line.append(line.length() == 1 ? " " : " | ").append(text(value));
    }
    String text = line.toString();
    for (Map.Entry<String, String> key : keys.entrySet()) {
      text = text.replaceAll(key.getValue(), Matcher.quoteReplacement("$" + key.getKey()));
    }
    return text;
  }

  private static String text(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return "x" + HexFormat.of().formatHex(bytes);
    }
    return String.valueOf(value);
  }
}
