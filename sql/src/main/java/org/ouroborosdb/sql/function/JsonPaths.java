package org.ouroborosdb.sql.function;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.JsonFunctions;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;

/**
 * What a path of SQL/JSON finds in a text of JSON: members, elements, ranges of them and wildcards,
 * lax unless it says strict, as the standard has it. Other paths (filters, descent) are Calcite's.
 */
final class JsonPaths {
  private static final Pattern MODE =
      Pattern.compile("\\s*(?:(?i:(strict|lax))\\s+)?(\\$.*)", Pattern.DOTALL);

  private static final Pattern STEP =
      Pattern.compile(
          "\\s*(?:\\.\\s*(?:(\\*)|([\\p{L}_][\\p{L}\\p{N}_]*)|\"((?:[^\"\\\\]|\\\\.)*)\")(?!\\s*\\()"
              + "|\\[\\s*(?:(\\*)|'([^'\\\\]*)'|([^\\]?'\"@:]+))\\s*\\])");

  private static final Pattern SUBSCRIPT =
      Pattern.compile(
          "\\s*(last\\s*(?:-\\s*\\d{1,9})?|\\d{1,9})\\s*(?:to\\s+(last\\s*(?:-\\s*\\d{1,9})?|\\d{1,9})\\s*)?");

  private static final Pattern MANY = Pattern.compile("\\*|\\.\\.|\\?|:|,");

  private static final Pattern STANDARD_FILTER = Pattern.compile("[^\\[\\s]\\s*\\?\\s*\\(");

  private final boolean strict;
  private final String typed;

  private JsonPaths(boolean strict, String typed) {
    this.strict = strict;
    this.typed = typed;
  }

  /** A text is no JSON, or a path does not fit it. */
  static final class Mismatch extends Exception {
    private static final long serialVersionUID = 1;

    Mismatch(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Returns what a path finds, in order.
   *
   * @throws Mismatch if there is no JSON, or a strict path finds no such member or element
   */
  static List<@Nullable Object> find(String json, String path) throws Mismatch {
    Matcher mode = MODE.matcher(path);
    if (!mode.matches()) {
      throw notAPath();
    }
    boolean strict = "strict".equalsIgnoreCase(mode.group(1));
    return new JsonPaths(strict, mode.group(2)).found(json);
  }

  private static SqlException notAPath() {
    return new SqlException(
        SqlState.SYNTAX,
        "this is no JSON path; write '$.member[0]', '$[*]' or '$[?(@.member > 1)]'",
        null);
  }

  private List<@Nullable Object> found(String json) throws Mismatch {
    List<@Nullable Object> items = new ArrayList<>();
    items.add(parsed(json));
    Matcher step = STEP.matcher(typed);
    int end = 1;
    while (step.find() && step.start() == end) {
      items = after(step, items);
      if (items == null) {
        return foundByCalcite(json);
      }
      end = step.end();
    }
    return typed.substring(end).isBlank() ? items : foundByCalcite(json);
  }

  private static @Nullable Object parsed(String json) throws Mismatch {
    try {
      return JsonFunctions.dejsonize(json);
    } catch (RuntimeException e) {
      throw new Mismatch("the text is no JSON");
    }
  }

  private List<@Nullable Object> foundByCalcite(String json) throws Mismatch {
    if (STANDARD_FILTER.matcher(typed).find()) {
      throw notAPath(); // it would look for a member of that name
    }
    JsonFunctions.JsonPathContext found =
        JsonFunctions.jsonApiCommonSyntax(json, (strict ? "strict " : "lax ") + typed);
    Exception failure = found.exc;
    if (failure != null) {
      if (failure.getClass().getSimpleName().equals("InvalidPathException")) {
        throw notAPath();
      }
      throw new Mismatch("a strict path finds no such member");
    }
    List<@Nullable Object> items = new ArrayList<>();
    if (found.obj instanceof Collection<?> several && MANY.matcher(typed).find()) {
      items.addAll(several);
    } else if (found.obj != null) {
      items.add(found.obj);
    }
    return items;
  }

  /** Returns what a step leads to; null if Calcite must read the path. */
  private @Nullable List<@Nullable Object> after(Matcher step, List<@Nullable Object> items)
      throws Mismatch {
    String subscripts = step.group(6);
    boolean elements = step.group(4) != null || subscripts != null;
    List<@Nullable Object> out = new ArrayList<>();
    for (Object item : elements ? items : unwrapped(items)) {
      if (subscripts != null) {
        if (!addElements(elements(item), subscripts, out)) {
          return null;
        }
      } else if (elements) {
        out.addAll(elements(item));
      } else {
        addMembers(item, step, out);
      }
    }
    return out;
  }

  /** A lax path looks for members in the elements of an array. */
  private List<@Nullable Object> unwrapped(List<@Nullable Object> items) {
    if (strict) {
      return items;
    }
    List<@Nullable Object> out = new ArrayList<>();
    for (Object item : items) {
      if (item instanceof Collection<?> array) {
        out.addAll(array);
      } else {
        out.add(item);
      }
    }
    return out;
  }

  private List<@Nullable Object> elements(@Nullable Object item) throws Mismatch {
    List<@Nullable Object> out = new ArrayList<>();
    if (item instanceof Collection<?> array) {
      out.addAll(array);
    } else if (strict) {
      throw new Mismatch("a strict path looks for elements of what is no array");
    } else {
      out.add(item);
    }
    return out;
  }

  private void addMembers(@Nullable Object item, Matcher step, List<@Nullable Object> out)
      throws Mismatch {
    if (!(item instanceof Map<?, ?> object)) {
      if (strict) {
        throw new Mismatch("a strict path looks for a member of what is no object");
      }
    } else if (step.group(1) != null) {
      out.addAll(object.values());
    } else {
      String name = name(step);
      if (object.containsKey(name)) {
        out.add(object.get(name));
      } else if (strict) {
        throw new Mismatch("a strict path finds no such member");
      }
    }
  }

  private static String name(Matcher step) {
    if (step.group(2) != null) {
      return step.group(2);
    }
    return step.group(3) == null
        ? step.group(5)
        : String.valueOf(JsonFunctions.dejsonize('"' + step.group(3) + '"'));
  }

  private boolean addElements(
      List<@Nullable Object> array, String subscripts, List<@Nullable Object> out) throws Mismatch {
    for (String part : subscripts.split(",", -1)) {
      Matcher subscript = SUBSCRIPT.matcher(part.toLowerCase(Locale.ROOT));
      if (!subscript.matches()) {
        return false;
      }
      int first = place(subscript.group(1), array.size());
      int last = subscript.group(2) == null ? first : place(subscript.group(2), array.size());
      if (strict && (first < 0 || first > last || last >= array.size())) {
        throw new Mismatch("a strict path finds no such element");
      }
      for (int i = Math.max(0, first); i <= last && i < array.size(); i++) {
        out.add(array.get(i));
      }
    }
    return true;
  }

  private static int place(String subscript, int size) {
    if (!subscript.startsWith("last")) {
      return Integer.parseInt(subscript);
    }
    String back = subscript.substring("last".length()).replace("-", "").strip();
    return size - 1 - (back.isEmpty() ? 0 : Integer.parseInt(back));
  }
}
