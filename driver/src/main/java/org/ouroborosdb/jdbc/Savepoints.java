package org.ouroborosdb.jdbc;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The savepoints of a connection's open transaction, oldest first. For one thread at a time. */
final class Savepoints {
  private final List<MarkSavepoint> live = new ArrayList<>();
  private int numbers;

  MarkSavepoint add(@Nullable String name, int mark) {
    MarkSavepoint savepoint = new MarkSavepoint(++numbers, name, mark);
    live.add(savepoint);
    return savepoint;
  }

  private int find(@Nullable Savepoint savepoint) throws SQLException {
    for (int i = 0; i < live.size(); i++) {
      if (live.get(i) == savepoint) {
        return i;
      }
    }
    throw Errors.of("3B001", "the savepoint is not one of this transaction");
  }

  /** Returns a savepoint's mark; those set after it are gone, as JDBC has it. */
  int rollbackTo(@Nullable Savepoint savepoint) throws SQLException {
    int at = find(savepoint);
    live.subList(at + 1, live.size()).clear();
    return live.get(at).mark();
  }

  /** Forgets a savepoint and those set after it. */
  void release(@Nullable Savepoint savepoint) throws SQLException {
    live.subList(find(savepoint), live.size()).clear();
  }

  /** Forgets all: the transaction has ended. */
  void clear() {
    live.clear();
  }
}
