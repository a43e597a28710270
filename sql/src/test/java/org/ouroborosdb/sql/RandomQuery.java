package org.ouroborosdb.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A random query over copies of our tables, in the SQL that H2 and we share. Its rows are the same
 * whoever runs it, and their order too where it has one.
 */
final class RandomQuery {
  private static final List<String> TEXTS = List.of("a", "b", "aa", "ab", "", "z%", "a_", "\u00fc");
  private static final List<String> PATTERNS =
      List.of("a%", "%a", "_", "%", "", "a_", "%a%b%", "\u00fc%", "__%");

  private final Random random;
  private final List<String> ids;
  private final List<Object> parameters = new ArrayList<>();
  private int aliases;
  private boolean ordered;

  /** The columns of one type that a query may name. */
  private enum Kind {
    NUMBER,
    TEXT,
    TRUTH
  }

  /** A table that can be asked. */
  private enum Table {
    EVENTS(
        "events",
        List.of("depth", "level", "seq", "content_length"),
        List.of("title", "id", "parent", "root", "type", "media_type", "metadata"),
        List.of("temporary")),
    CHILDREN(
        "children",
        List.of("child_index", "level", "content_length"),
        List.of("title", "parent", "child", "type"),
        List.of("temporary")),
    ROOTS("roots", List.of("level"), List.of("title", "id", "metadata"), List.of()),
    FILES(
        "files",
        List.of("length", "level"),
        List.of("name", "id", "version", "parent", "root", "path", "media_type"),
        List.of("temporary")),
    TAGS("event_tags", List.of(), List.of("tag", "event"), List.of());

    private final String name;
    private final List<String> numbers;
    private final List<String> texts;
    private final List<String> truths;

    Table(String name, List<String> numbers, List<String> texts, List<String> truths) {
      this.name = name;
      this.numbers = numbers;
      this.texts = texts;
      this.truths = truths;
    }

    List<String> of(Kind kind) {
      return kind == Kind.NUMBER ? numbers : kind == Kind.TEXT ? texts : truths;
    }
  }

  /** A table under an alias. */
  private record Source(String alias, Table table) {}

  private RandomQuery(Random random, List<String> ids) {
    this.random = random;
    this.ids = ids;
  }

  /**
   * A query.
   *
   * @param sql the text
   * @param parameters the values of its parameters
   * @param ordered whether its rows have an order
   */
  record Made(String sql, List<Object> parameters, boolean ordered) {}

  static Made next(Random random, List<String> ids) {
    RandomQuery query = new RandomQuery(random, ids);
    String marked = query.statement();
    StringBuilder sql = new StringBuilder();
    List<Object> inOrder = new ArrayList<>();
    for (int i = 0; i < marked.length(); i++) {
      if (marked.charAt(i) != '?') {
        sql.append(marked.charAt(i));
        continue;
      }
      int end = marked.indexOf('?', i + 1);
      sql.append('?');
      inOrder.add(query.parameters.get(Integer.parseInt(marked.substring(i + 1, end))));
      i = end;
    }
    return new Made(sql.toString(), List.copyOf(inOrder), query.ordered);
  }

  private String statement() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> plain();
      case 10, 11 -> asking();
      case 4, 5 -> grouped();
      case 6 -> combined();
      case 7 -> windowed();
      case 8 -> derived();
      default -> recursive();
    };
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private Source source() {
    return new Source("t" + aliases++, pick(List.of(Table.values())));
  }

  // --- queries

  private String plain() {
    List<Source> scope = new ArrayList<>();
    String from = from(scope);
    List<String> list = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      list.add(value(scope, 2) + " AS c" + i);
    }
    boolean distinct = chance(20);
    String sql =
        "SELECT " + (distinct ? "DISTINCT " : "") + String.join(", ", list) + from + where(scope);
    return chance(50) ? sql : sorted(sql, count);
  }

  /** Several sub-queries over the rows of outer joins. */
  private String asking() {
    List<Source> scope = new ArrayList<>();
    String from = from(scope);
    List<String> list = new ArrayList<>();
    list.add(column(scope, Kind.TEXT) + " AS c0");
    int count = random.nextInt(3);
    for (int i = 1; i <= count; i++) {
      String asked =
          chance(50)
              ? scalar(scope, pick(List.of(Kind.NUMBER, Kind.TEXT)))
              : "(" + subQuery(scope) + ")" + pick(List.of("", " IS NULL", " IS TRUE"));
      list.add(asked + " AS c" + i);
    }
    String first = pick(List.of("", "NOT ")) + "(" + subQuery(scope) + ")";
    String more = chance(60) ? pick(List.of(" AND ", " OR ")) + subQuery(scope) : "";
    String where = count > 0 && chance(50) ? "" : " WHERE " + first + more;
    return "SELECT " + String.join(", ", list) + from + where;
  }

  /** All columns are in the order, so that a limit cuts between equal rows only. */
  private String sorted(String sql, int columns) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      keys.add("c" + i + pick(List.of("", " DESC")) + pick(List.of(" NULLS FIRST", " NULLS LAST")));
    }
    ordered = true;
    String limit = chance(50) ? " LIMIT " + random.nextInt(6) : "";
    String offset = chance(30) ? " OFFSET " + random.nextInt(4) : "";
    return sql + " ORDER BY " + String.join(", ", keys) + limit + offset;
  }

  private String grouped() {
    List<Source> scope = new ArrayList<>();
    String from = from(scope);
    if (chance(25)) {
      return "SELECT " + aggregate(scope) + ", " + aggregate(scope) + from + where(scope);
    }
    String key = chance(70) ? column(scope, Kind.TEXT) : value(scope, 1);
    String having = chance(30) ? " HAVING COUNT(*) > " + random.nextInt(3) : "";
    String where = where(scope);
    if (key.contains("?")) {
      return "SELECT COUNT(*)" + from + where;
    }
    String sql =
        "SELECT "
            + key
            + " AS c0, "
            + aggregate(scope)
            + " AS c1"
            + from
            + where
            + " GROUP BY "
            + key
            + having;
    return chance(40) ? sorted(sql, 2) : sql;
  }

  private String aggregate(List<Source> scope) {
    String distinct = chance(30) ? "DISTINCT " : "";
    String number =
        chance(80) ? column(scope, Kind.NUMBER) : "CHAR_LENGTH(" + column(scope, Kind.TEXT) + ")";
    return switch (random.nextInt(6)) {
      case 0 -> "COUNT(*)";
      case 1 -> "COUNT(" + distinct + column(scope, Kind.TEXT) + ")";
      case 2 -> "SUM(" + distinct + "MOD(" + number + ", 1000))";
      case 3 -> pick(List.of("MIN", "MAX")) + "(" + column(scope, Kind.TEXT) + ")";
      case 4 -> pick(List.of("MIN", "MAX")) + "(" + number + ")";
      default -> "SUM(CASE WHEN " + condition(scope, 1, false) + " THEN 1 ELSE 0 END)";
    };
  }

  private String combined() {
    Kind kind = pick(List.of(Kind.TEXT, Kind.NUMBER));
    String sql = "SELECT c0 FROM (" + one(kind) + ") AS u0";
    int terms = 1 + random.nextInt(2);
    for (int i = 0; i < terms; i++) {
      sql =
          "SELECT c0 FROM ("
              + sql
              + pick(List.of(" UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT "))
              + one(kind)
              + ") AS u"
              + (i + 1);
    }
    return chance(40) ? sorted(sql, 1) : sql;
  }

  private String one(Kind kind) {
    List<Source> scope = new ArrayList<>();
    String from = from(scope);
    String column = column(scope, kind);
    return "SELECT " + column + " AS c0" + from + where(scope);
  }

  private String windowed() {
    Source source =
        new Source("t" + aliases++, pick(List.of(Table.EVENTS, Table.CHILDREN, Table.FILES)));
    List<Source> scope = List.of(source);
    String id = source.alias + (source.table == Table.CHILDREN ? ".child" : ".id");
    String over =
        " OVER ("
            + (chance(60) ? "PARTITION BY " + column(scope, Kind.TEXT) + " " : "")
            + "ORDER BY "
            + column(scope, Kind.NUMBER)
            + pick(List.of("", " DESC"))
            + " NULLS LAST, "
            + id;
    String frame =
        pick(
            List.of(
                "",
                "",
                " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
                " ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING",
                " ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING",
                " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
                " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"));
    String number = column(scope, Kind.NUMBER);
    String text = column(scope, Kind.TEXT);
    String function =
        switch (random.nextInt(9)) {
          case 0 -> "ROW_NUMBER()" + over + ")";
          case 1 -> "RANK()" + over + ")";
          case 2 -> "DENSE_RANK()" + over + ")";
          case 3 -> "NTILE(" + (1 + random.nextInt(4)) + ")" + over + ")";
          case 4 ->
              pick(List.of("LAG", "LEAD"))
                  + "("
                  + text
                  + ", "
                  + random.nextInt(3)
                  + ")"
                  + over
                  + ")";
          case 5 ->
              pick(List.of("FIRST_VALUE", "LAST_VALUE")) + "(" + text + ")" + over + frame + ")";
          case 6 -> "COUNT(" + text + ")" + over + frame + ")";
          case 7 -> pick(List.of("MIN", "MAX", "COUNT")) + "(" + number + ")" + over + frame + ")";
          default -> "SUM(MOD(" + number + ", 100))" + over + frame + ")";
        };
    String sql =
        "SELECT "
            + id
            + " AS c0, "
            + function
            + " AS c1 FROM "
            + source.table.name
            + " AS "
            + source.alias
            + where(scope);
    return chance(50) ? sql : sorted(sql, 2);
  }

  private String derived() {
    Source inner = source();
    List<Source> scope = List.of(inner);
    String text = column(scope, Kind.TEXT);
    String select =
        "(SELECT "
            + text
            + " AS k, COUNT(*) AS n FROM "
            + inner.table.name
            + " AS "
            + inner.alias
            + where(scope)
            + " GROUP BY "
            + text
            + ")";
    Source outer = source();
    String alias = "d" + aliases++;
    String with = chance(50) ? alias : null;
    String join = pick(List.of(" JOIN ", " LEFT JOIN "));
    String on = " ON " + alias + ".k = " + outer.alias + "." + pick(outer.table.texts);
    String from =
        " FROM "
            + outer.table.name
            + " AS "
            + outer.alias
            + join
            + (with == null ? select + " AS " + alias : alias)
            + on;
    String sql =
        "SELECT "
            + column(List.of(outer), Kind.TEXT)
            + " AS c0, "
            + alias
            + ".n AS c1"
            + from
            + where(List.of(outer));
    String whole = chance(50) ? sql : sorted(sql, 2);
    return with == null ? whole : "WITH " + with + " AS " + select + " " + whole;
  }

  private String recursive() {
    Source start = new Source("t" + aliases++, Table.EVENTS);
    String condition = condition(List.of(start), 1, false);
    String sql =
        "WITH RECURSIVE w(id, title, n) AS (SELECT "
            + start.alias
            + ".id, "
            + start.alias
            + ".title, 0 FROM events AS "
            + start.alias
            + " WHERE "
            + condition
            + " UNION ALL SELECT e.id, e.title, w.n + 1 FROM w JOIN events AS e ON e.parent = w.id"
            + " WHERE w.n < "
            + random.nextInt(4)
            + ") ";
    return switch (random.nextInt(3)) {
      case 0 -> sql + "SELECT n, COUNT(*), MIN(title) FROM w GROUP BY n";
      case 1 -> sql + "SELECT w.title, f.name FROM w JOIN files AS f ON f.parent = w.id";
      default -> sql + "SELECT id, n FROM w";
    };
  }

  private String from(List<Source> scope) {
    Source first = source();
    scope.add(first);
    StringBuilder sql = new StringBuilder(" FROM " + first.table.name + " AS " + first.alias);
    int joins = chance(45) ? 0 : chance(75) ? 1 : 2;
    for (int i = 0; i < joins; i++) {
      Source next = source();
      List<Source> both = new ArrayList<>(scope);
      both.add(next);
      String equal = pick(scope.get(random.nextInt(scope.size())), next);
      String join = pick(List.of(" JOIN ", " JOIN ", " LEFT JOIN ", " RIGHT JOIN "));
      String more = chance(30) ? " AND " + condition(both, 1, false) : "";
      sql.append(join).append(next.table.name).append(" AS ").append(next.alias);
      sql.append(" ON ").append(equal).append(more);
      scope.add(next);
    }
    return sql.toString();
  }

  private String pick(Source left, Source right) {
    if (chance(70)) {
      List<String> keys = List.of("id", "parent", "root", "child", "event", "version");
      List<String> a = left.table.texts.stream().filter(keys::contains).toList();
      List<String> b = right.table.texts.stream().filter(keys::contains).toList();
      return left.alias + "." + pick(a) + " = " + right.alias + "." + pick(b);
    }
    return left.alias
        + "."
        + pick(left.table.texts)
        + " = "
        + right.alias
        + "."
        + pick(right.table.texts);
  }

  private String where(List<Source> scope) {
    return chance(25) ? "" : " WHERE " + condition(scope, 3, true);
  }

  // --- expressions

  private String column(List<Source> scope, Kind kind) {
    List<String> all = new ArrayList<>();
    for (Source source : scope) {
      source.table.of(kind).forEach(name -> all.add(source.alias + "." + name));
    }
    if (all.isEmpty()) {
      return kind == Kind.NUMBER ? "1" : kind == Kind.TRUTH ? "TRUE" : "'a'";
    }
    return pick(all);
  }

  private String value(List<Source> scope, int depth) {
    return switch (random.nextInt(5)) {
      case 0, 1 -> text(scope, depth);
      case 2, 3 -> number(scope, depth);
      default ->
          "(CASE WHEN "
              + condition(scope, depth, false)
              + " THEN 1 WHEN NOT ("
              + condition(scope, 1, false)
              + ") THEN 0 END)";
    };
  }

  private String number(List<Source> scope, int depth) {
    if (depth == 0 || chance(40)) {
      return column(scope, Kind.NUMBER);
    }
    return switch (random.nextInt(8)) {
      case 0 -> "CHAR_LENGTH(" + text(scope, depth - 1) + ")";
      case 1 -> "(" + column(scope, Kind.NUMBER) + " - " + column(scope, Kind.NUMBER) + ")";
      case 2 -> "COALESCE(" + column(scope, Kind.NUMBER) + ", " + random.nextInt(4) + ")";
      case 3 -> "MOD(" + column(scope, Kind.NUMBER) + ", 3)";
      case 4 -> "NULLIF(" + column(scope, Kind.NUMBER) + ", " + random.nextInt(3) + ")";
      case 5 -> "POSITION('a' IN " + text(scope, depth - 1) + ")";
      case 6 -> scalar(scope, Kind.NUMBER);
      default ->
          "CASE WHEN "
              + condition(scope, depth - 1, false)
              + " THEN "
              + column(scope, Kind.NUMBER)
              + " ELSE "
              + random.nextInt(4)
              + " END";
    };
  }

  private String text(List<Source> scope, int depth) {
    if (depth == 0 || chance(40)) {
      return column(scope, Kind.TEXT);
    }
    return switch (random.nextInt(8)) {
      case 0 -> "UPPER(" + column(scope, Kind.TEXT) + ")";
      case 1 -> "(" + column(scope, Kind.TEXT) + " || " + column(scope, Kind.TEXT) + ")";
      case 2 -> "COALESCE(" + column(scope, Kind.TEXT) + ", " + literal() + ")";
      case 3 -> "NULLIF(" + column(scope, Kind.TEXT) + ", " + literal() + ")";
      case 4 ->
          "SUBSTRING("
              + column(scope, Kind.TEXT)
              + " FROM "
              + (1 + random.nextInt(3))
              + " FOR "
              + random.nextInt(3)
              + ")";
      case 5 -> "TRIM(BOTH 'a' FROM " + column(scope, Kind.TEXT) + ")";
      case 6 -> scalar(scope, Kind.TEXT);
      default ->
          "CASE WHEN "
              + condition(scope, depth - 1, false)
              + " THEN "
              + column(scope, Kind.TEXT)
              + " ELSE "
              + literal()
              + " END";
    };
  }

  private String literal() {
    return "'" + pick(TEXTS) + "'";
  }

  private String operand(Kind kind) {
    Object value =
        kind == Kind.NUMBER
            ? (Object) (long) random.nextInt(5)
            : chance(40) && !ids.isEmpty() ? pick(ids) : pick(TEXTS);
    if (chance(40)) {
      parameters.add(value);
      return "?" + (parameters.size() - 1) + "?"; // its number, until the text is whole
    }
    return value instanceof String text ? "'" + text + "'" : value.toString();
  }

  private String scalar(List<Source> scope, Kind kind) {
    List<Source> inner = new ArrayList<>();
    String from = from(inner);
    String aggregate =
        kind == Kind.NUMBER
            ? pick(List.of("COUNT(*)", "MAX(" + column(inner, Kind.NUMBER) + ")"))
            : pick(List.of("MIN", "MAX")) + "(" + column(inner, Kind.TEXT) + ")";
    return "(SELECT " + aggregate + from + " WHERE " + correlated(inner, scope) + ")";
  }

  private String correlated(List<Source> inner, List<Source> outer) {
    String equal = pick(pick(outer), pick(inner));
    String same = chance(20) ? equal.replace(" = ", " IS NOT DISTINCT FROM ") : equal;
    String condition = chance(75) ? same : condition(inner, 1, false);
    List<Source> both = new ArrayList<>(outer);
    both.addAll(inner);
    return chance(40) ? condition + " AND " + condition(both, 1, chance(30)) : condition;
  }

  /** A condition; sub-queries in it may ask the tables in scope. */
  private String condition(List<Source> scope, int depth, boolean queries) {
    if (depth > 0 && chance(45)) {
      String left = condition(scope, depth - 1, queries);
      String right = condition(scope, depth - 1, queries);
      return switch (random.nextInt(5)) {
        case 0, 1 -> "(" + left + " AND " + right + ")";
        case 2, 3 -> "(" + left + " OR " + right + ")";
        default -> "NOT (" + left + " AND " + right + ")";
      };
    }
    return queries && chance(30) ? subQuery(scope) : comparison(scope);
  }

  private String comparison(List<Source> scope) {
    Kind kind = pick(List.of(Kind.TEXT, Kind.TEXT, Kind.NUMBER));
    String column = column(scope, kind);
    Supplier<String> operand = () -> operand(kind);
    return switch (random.nextInt(12)) {
      case 0, 1 -> column + pick(List.of(" = ", " <> ", " < ", " >= ")) + operand.get();
      case 2 -> column + pick(List.of(" = ", " <> ", " > ", " <= ")) + column(scope, kind);
      case 3 -> column + pick(List.of(" IS NULL", " IS NOT NULL"));
      case 4 ->
          column + pick(List.of(" IN (", " NOT IN (")) + operand.get() + ", " + operand.get() + ")";
      case 5 ->
          column
              + pick(List.of(" BETWEEN ", " NOT BETWEEN "))
              + operand.get()
              + " AND "
              + operand.get();
      case 6, 7 ->
          column(scope, Kind.TEXT)
              + pick(List.of(" LIKE ", " NOT LIKE "))
              + "'"
              + pick(PATTERNS)
              + "'";
      case 8 ->
          column
              + pick(List.of(" IS DISTINCT FROM ", " IS NOT DISTINCT FROM "))
              + column(scope, kind);
      case 9 ->
          column(scope, Kind.TRUTH) + pick(List.of("", " IS TRUE", " IS NOT TRUE", " IS FALSE"));
      case 10 -> column(scope, Kind.TEXT) + " = '" + (ids.isEmpty() ? "" : pick(ids)) + "'";
      default ->
          kind == Kind.NUMBER
              ? column + " + 1 > " + operand.get()
              : "CHAR_LENGTH(" + column + ") > " + random.nextInt(3);
    };
  }

  private String subQuery(List<Source> scope) {
    List<Source> inner = new ArrayList<>();
    String from = from(inner);
    String where = " WHERE " + correlated(inner, scope);
    Kind kind = pick(List.of(Kind.TEXT, Kind.NUMBER));
    String column = column(scope, kind);
    String list = "(SELECT " + column(inner, kind) + from + (chance(60) ? where : "") + ")";
    return switch (random.nextInt(7)) {
      case 0, 1 -> "EXISTS (SELECT 1" + from + where + ")";
      case 2 -> "NOT EXISTS (SELECT 1" + from + where + ")";
      case 3 -> column + " IN " + list;
      case 4 -> column + " NOT IN " + list;
      case 5 -> column + pick(List.of(" = ANY ", " > ALL ", " <= ANY ", " <> ALL ")) + list;
      default -> column + pick(List.of(" = ", " > ")) + scalar(scope, kind);
    };
  }
}
