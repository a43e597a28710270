package org.ouroborosdb.sql.message;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.catalog.SqlCatalog;

/** Says what to write instead of a name that a statement has and the catalogue has not. */
public final class Hints {
  private static final int MAX_NAME = 64;

  /** A name that may be a table's, with its schema, and the word behind, which may be its alias. */
  private static final Pattern NAMED =
      Pattern.compile("\\b((?:sys\\.|information_schema\\.)?\\w+)\\b(?=(?:\\s+as)?\\s+(\\w+)|)");

  private static final Pattern TABLE = Pattern.compile("^Object '([^']*)' not found");
  private static final Pattern COLUMN =
      Pattern.compile("^Column '([^']*)' not found in (?:table '([^']*)')?");
  private static final Pattern BETWEEN_MOMENTS =
      Pattern.compile(
          "^Cannot apply '-' to arguments of type '<(?:TIMESTAMP|DATE)[^>]*> -"
              + " <(?:TIMESTAMP|DATE)");
  private static final Pattern TEXT_AND_BYTES =
      Pattern.compile("^Cannot apply .* to arguments of type '.*<(?:VAR)?BINARY");
  private static final Pattern FUNCTION =
      Pattern.compile("^No match found for function signature (\\w+)");

  /** Functions of other databases, and what says the same here. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("ifnull", "COALESCE(a, b)"),
          Map.entry("nvl", "COALESCE(a, b)"),
          Map.entry("isnull", "COALESCE(a, b)"),
          Map.entry("iif", "CASE WHEN a THEN b ELSE c END"),
          Map.entry("if", "CASE WHEN a THEN b ELSE c END"),
          Map.entry("len", "LENGTH(a)"),
          Map.entry("instr", "POSITION(b IN a)"),
          Map.entry("group_concat", "STRING_AGG(a, ',')"),
          Map.entry("getdate", "CURRENT_TIMESTAMP"),
          Map.entry("sysdate", "CURRENT_TIMESTAMP"),
          Map.entry("date_trunc", "DATE_TRUNC('month', a), or FLOOR(a TO MONTH)"),
          Map.entry("datetime", "CURRENT_TIMESTAMP"),
          Map.entry("strftime", "TO_CHAR(a, 'YYYY-MM-DD')"),
          Map.entry("date_format", "TO_CHAR(a, 'YYYY-MM-DD')"),
          Map.entry("datediff", "TIMESTAMPDIFF(DAY, a, b)"),
          Map.entry("date_add", "a + INTERVAL '1' DAY"),
          Map.entry("tagged", "tagged('a', 'b'), with one to eight tags"),
          Map.entry("array_length", "CARDINALITY(a)"),
          Map.entry("json_extract", "JSON_VALUE(a, '$.b')"));

  private final SqlCatalog catalog;

  public Hints(SqlCatalog catalog) {
    this.catalog = catalog;
  }

  /** Returns what to put behind a message of the validator: empty, or from "; " on. */
  String behind(String message, String typed) {
    Matcher table = TABLE.matcher(message);
    if (table.find()) {
      return didYouMean(table.group(1), catalog.tableColumns().keySet())
          + "; information_schema.tables lists the tables";
    }
    Matcher column = COLUMN.matcher(message);
    if (column.find()) {
      String name = column.group(1);
      Map<String, List<String>> meant = tables(column.group(2), typed);
      Set<String> columns = new LinkedHashSet<>();
      meant.values().forEach(columns::addAll);
      String near = didYouMean(name, columns);
      if (!near.isEmpty()) {
        return near;
      }
      if (typed.contains('"' + name + '"')) {
        return "; a text stands in single quotes: '" + name + "'";
      }
      return meant.size() > 1
          ? ""
          : "; " + meant.keySet().iterator().next() + " has " + String.join(", ", columns);
    }
    if (BETWEEN_MOMENTS.matcher(message).find()) {
      return "; write TIMESTAMPDIFF(SECOND, b, a) for a - b";
    }
    if (TEXT_AND_BYTES.matcher(message).find()) {
      return "; bytes are written X'0a0b', and content_text(id) is the text of a content";
    }
    Matcher function = FUNCTION.matcher(message);
    String instead =
        function.find() ? ELSEWHERE.get(function.group(1).toLowerCase(Locale.ROOT)) : null;
    return instead == null ? "" : "; write " + instead;
  }

  /** Returns the columns of the table that has a name or alias, or of all tables of a statement. */
  private Map<String, List<String>> tables(@Nullable String named, String typed) {
    Map<String, List<String>> all = catalog.tableColumns();
    Map<String, List<String>> meant = new TreeMap<>();
    Map<String, List<String>> aliased = new TreeMap<>();
    Matcher names = NAMED.matcher(typed.toLowerCase(Locale.ROOT));
    while (names.find()) {
      String name = names.group(1);
      List<String> columns = all.get(name);
      if (columns != null) {
        meant.put(name, columns);
        if (name.equalsIgnoreCase(named)
            || String.valueOf(names.group(2)).equalsIgnoreCase(named)) {
          aliased.put(name, columns);
        }
      }
    }
    return !aliased.isEmpty() ? aliased : meant.isEmpty() ? all : meant;
  }

  private static String didYouMean(String name, Set<String> known) {
    String near =
        name.length() > MAX_NAME
            ? ""
            : Nearest.to(name.toLowerCase(Locale.ROOT), List.copyOf(known));
    return near.isEmpty() || near.equals(name) ? "" : "; did you mean " + near + "?";
  }
}
