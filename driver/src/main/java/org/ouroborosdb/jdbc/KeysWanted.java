package org.ouroborosdb.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.PreparedPlan;
import org.ouroborosdb.sql.TableDescription;

/**
 * What a caller wants of generated keys. The key is one column, the new event's id, so any other
 * that is asked for is an error before anything is written.
 *
 * @param any whether keys are wanted at all
 * @param names the columns asked for, by name
 * @param numbers the columns asked for, by their number in the table, from 1
 */
record KeysWanted(boolean any, List<String> names, List<Integer> numbers) {
  static final KeysWanted NONE = new KeysWanted(false, List.of(), List.of());
  static final KeysWanted ALL = new KeysWanted(true, List.of(), List.of());

  static KeysWanted of(int flag) throws SQLException {
    if (flag != Statement.RETURN_GENERATED_KEYS && flag != Statement.NO_GENERATED_KEYS) {
      throw Errors.of("HY024", "no such constant for generated keys: " + flag);
    }
    return flag == Statement.RETURN_GENERATED_KEYS ? ALL : NONE;
  }

  static KeysWanted of(int @Nullable [] numbers) {
    List<Integer> wanted = new ArrayList<>();
    if (numbers != null) {
      for (int number : numbers) {
        wanted.add(number);
      }
    }
    return new KeysWanted(!wanted.isEmpty(), List.of(), wanted);
  }

  static KeysWanted of(@Nullable String @Nullable [] names) {
    List<String> wanted = new ArrayList<>();
    if (names != null) {
      for (String name : names) {
        wanted.add(String.valueOf(name));
      }
    }
    return new KeysWanted(!wanted.isEmpty(), wanted, List.of());
  }

  /** Checks that a statement that makes keys makes those. */
  void check(PreparedPlan plan) throws SQLException {
    String key = plan.keyColumn();
    if (key == null) {
      return;
    }
    for (String name : names) {
      if (!name.equalsIgnoreCase(key)) {
        throw notKey("'" + name + "'", key);
      }
    }
    for (int number : numbers) {
      if (number != number(key)) {
        throw notKey(String.valueOf(number), key);
      }
    }
  }

  private static SQLException notKey(String asked, String key) {
    return Errors.of(
        "42S22", "column " + asked + " is no generated key; the key is column '" + key + "'");
  }

  /** Returns the number of a key column, which is the same in all tables that have it. */
  private static int number(String key) {
    for (TableDescription table : TableDescription.all()) {
      for (int i = 0; i < table.columns().size(); i++) {
        if (table.columns().get(i).name().equals(key)) {
          return i + 1;
        }
      }
    }
    return 0;
  }
}
