package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroborosdb.store.segment.HandmadeLog.OneEvent;

/** Threads that ask for the turn while another has it: who sleeps, who is woken, who may pass. */
@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForceTurnsTest {
  private static Appended batch() {
    return new Appended(new OneEvent(1, 5), List.of(), 1, new Position(1, 32));
  }

  /** Starts work, and returns when its thread waits for something or is at its end. */
  private static Thread startAndWait(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @ParameterizedTest(name = "batches wait for the disk: {0}")
  @ValueSource(booleans = {true, false})
  void a_batch_that_came_too_late_for_a_turn_sleeps_and_has_the_next(boolean forces)
      throws InterruptedException {
    ForceTurns turns = new ForceTurns(forces);
    turns.lock();
    Appended late = batch();
    Thread waits = startAndWait(() -> turns.settle(late, late::publish));
    assertTrue(waits.isAlive());
    assertFalse(late.isSettled());
    turns.unlock();
    waits.join();
    assertTrue(late.isSettled());
  }

  @Test
  void of_those_that_came_too_late_each_wakes_the_next() throws InterruptedException {
    ForceTurns turns = new ForceTurns(true);
    turns.lock();
    List<Thread> waiting = new ArrayList<>();
    List<Appended> settled = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 4; i++) {
      Appended late = batch();
      Runnable alone =
          () -> {
            late.publish();
            settled.add(late);
          };
      waiting.add(startAndWait(() -> turns.settle(late, alone)));
    }
    turns.unlock();
    for (Thread each : waiting) {
      each.join();
    }
    assertEquals(4, settled.size());
  }

  @ParameterizedTest(name = "batches wait for the disk: {0}")
  @ValueSource(booleans = {true, false})
  void a_batch_that_anothers_turn_settled_has_none_of_its_own(boolean forces)
      throws InterruptedException {
    ForceTurns turns = new ForceTurns(forces);
    turns.lock();
    Appended late = batch();
    List<String> own = Collections.synchronizedList(new ArrayList<>());
    Thread waits = startAndWait(() -> turns.settle(late, () -> own.add("turn")));
    late.publish();
    turns.unlock();
    waits.join();
    turns.settle(late, () -> own.add("turn"));
    assertEquals(List.of(), own);
  }

  @ParameterizedTest(name = "batches wait for the disk: {0}")
  @ValueSource(booleans = {true, false})
  void whoever_has_the_turn_settles_batches_though_a_checkpoint_waits_for_it(boolean forces)
      throws InterruptedException {
    ForceTurns turns = new ForceTurns(forces);
    turns.lock();
    Thread checkpoint =
        startAndWait(
            () -> {
              turns.lock();
              turns.unlock();
            });
    Appended own = batch();
    turns.settle(own, own::publish);
    assertTrue(own.isSettled());
    assertTrue(checkpoint.isAlive(), "the turn was not given up");
    turns.unlock();
    checkpoint.join();
  }

  @ParameterizedTest(name = "batches wait for the disk: {0}")
  @ValueSource(booleans = {true, false})
  void a_turn_that_fails_is_given_up(boolean forces) throws InterruptedException {
    ForceTurns turns = new ForceTurns(forces);
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    Runnable failing =
        () -> {
          throw new IllegalStateException("the turn failed");
        };
    Thread failed = new Thread(() -> turns.settle(batch(), failing));
    failed.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
    failed.start();
    failed.join();
    assertEquals(1, failures.size());
    Appended next = batch();
    turns.settle(next, next::publish);
    assertTrue(next.isSettled());
  }
}
