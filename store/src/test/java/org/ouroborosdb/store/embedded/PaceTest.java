package org.ouroborosdb.store.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;

/** Work that is held to a speed waits for its turn, and not longer than it must be able to end. */
class PaceTest {
  private long now;
  private int naps;

  private Pace pace(long bytesPerSecond, Cancellation cancellation) {
    return new Pace(
        bytesPerSecond,
        cancellation,
        () -> now,
        nanos -> {
          naps++;
          now += nanos;
        });
  }

  @Test
  void a_second_passes_for_the_bytes_of_a_second() {
    Pace pace = pace(1_000, Cancellation.create());
    pace.pass(500);
    assertEquals(500_000_000, now);
    now += 700_000_000; // the work itself
    pace.pass(500);
    assertEquals(1_200_000_000, now, "it is late already");
    pace.pass(1_000);
    assertEquals(2_000_000_000, now);
    assertTrue(naps >= 50, "short naps, so that a cancellation is heard");
  }

  @Test
  void without_a_speed_nothing_waits() {
    pace(0, Cancellation.create()).pass(1L << 50);
    assertEquals(0, naps);
  }

  @Test
  void a_cancellation_and_an_interrupt_end_the_wait() {
    Cancellation cancellation = Cancellation.create();
    Pace cancelled = new Pace(1, cancellation, () -> now, nanos -> cancellation.cancel());
    StoreException ended = assertThrows(StoreException.class, () -> cancelled.pass(100));
    assertEquals(ErrorCode.CANCELLED, ended.code());
    Pace interrupted =
        new Pace(
            1,
            Cancellation.create(),
            () -> now,
            nanos -> {
              throw new InterruptedException();
            });
    ended = assertThrows(StoreException.class, () -> interrupted.pass(100));
    assertEquals(ErrorCode.CANCELLED, ended.code());
    assertTrue(Thread.interrupted());
  }
}
