package org.ouroborosdb.jdbc.shell;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ouroborosdb.store.Cancellation;

/**
 * Turns Ctrl-C into the cancellation of the running command, which then ends in order: what it
 * committed is kept and the store is closed. Thread-safe.
 */
final class Interruption {
  /** What a command needs at most to stop: one chunk, one commit, one checkpoint. */
  private static final long GRACE_SECONDS = 20;

  private static final Cancellation CANCELLATION = Cancellation.create();
  private static final CountDownLatch ENDED = new CountDownLatch(1);
  private static volatile boolean ended;
  private static volatile boolean installed;
  private static volatile Runnable stop = () -> {};

  private Interruption() {}

  /** Returns the cancellation that Ctrl-C triggers from now on. */
  static synchronized Cancellation cancellation() {
    if (!installed) {
      installed = true;
      Runtime.getRuntime().addShutdownHook(new Thread(Interruption::stop, "interruption"));
    }
    return CANCELLATION;
  }

  /** Runs an action, instead of the one before, when Ctrl-C comes. */
  static void stopBy(Runnable action) {
    cancellation();
    stop = action;
  }

  /** Returns whether the command was cancelled. */
  static boolean happened() {
    return CANCELLATION.isCancelled();
  }

  /** Tells that the command has ended by itself. */
  static void commandEnded() {
    ended = true;
    ENDED.countDown();
  }

  private static void stop() {
    if (ended) {
      return;
    }
    CANCELLATION.cancel();
    stop.run();
    try {
      ENDED.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
