package org.ouroborosdb.store.disk;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Work on a channel of its own that an interrupt must not end: an interrupt closes the channel,
 * which would look like a closed store. The interrupt is kept for its owner. Stateless.
 */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** Opens a channel, works on it and closes it or gives it away. */
  @FunctionalInterface
  public interface Work<T> {
    /** Runs from the start, as often as it is interrupted. */
    T run() throws IOException;
  }

  /** Runs work until it was not interrupted, and returns what it returned. */
  public static <T> T run(Work<T> work) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          return work.run();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
