package org.ouroborosdb.sql.dialect;

import org.apache.calcite.util.SourceStringReader;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.StoreException;

/**
 * The cancel handle of the statement that a thread is planning. Calcite has none for most of its
 * phases, so what each of them calls all the time asks here: the parser's text, and the types.
 */
public final class Planning implements AutoCloseable {
  private static final ThreadLocal<@Nullable Planning> CURRENT = new ThreadLocal<>();

  private final @Nullable Planning outer = CURRENT.get();
  private final Cancellation cancellation;
  private @Nullable StoreException stopped;

  private Planning(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  /** Begins planning in this thread, until it is closed. */
  public static Planning begin(Cancellation cancellation) {
    Planning planning = new Planning(cancellation);
    CURRENT.set(planning);
    return planning;
  }

  /** Returns normally unless it is cancelled. */
  public void check() {
    try {
      cancellation.check();
    } catch (StoreException e) {
      stopped = e;
      throw e;
    }
  }

  /** Returns normally unless the planning of this thread is cancelled. */
  public static void poll() {
    Planning planning = CURRENT.get();
    if (planning != null) {
      planning.check();
    }
  }

  /** Returns why planning failed: Calcite does not always keep the cause. */
  public Throwable reason(Throwable failure) {
    return stopped == null ? failure : stopped;
  }

  /** Returns a reader of a statement's text that polls. */
  public static SourceStringReader reader(String text) {
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
