package org.ouroborosdb.sql;

import org.apache.calcite.util.SourceStringReader;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;

/**
 * The cancel handle of the statement that a thread is planning. Calcite has none for most of its
 * phases, so what each of them calls all the time asks here: the parser's text, and the types.
 */
final class Planning implements AutoCloseable {
  private static final ThreadLocal<@Nullable Cancellation> CURRENT = new ThreadLocal<>();

  private final @Nullable Cancellation outer = CURRENT.get();

  private Planning() {}

  /** Begins planning in this thread, until it is closed. */
  static Planning begin(Cancellation cancellation) {
    Planning planning = new Planning();
    CURRENT.set(cancellation);
    return planning;
  }

  /** Returns normally unless it is cancelled. */
  void check() {
    poll();
  }

  /** Returns normally unless the planning of this thread is cancelled. */
  static void poll() {
    Cancellation cancellation = CURRENT.get();
    if (cancellation != null) {
      cancellation.check();
    }
  }

  /** Returns a reader of a statement's text that polls. */
  static SourceStringReader reader(String text) {
    return new SourceStringReader(text) {
      @Override
      public int read(char[] target, int offset, int length) throws java.io.IOException {
        poll();
        return super.read(target, offset, length);
      }
    };
  }

  @Override
  public void close() {
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }
}
