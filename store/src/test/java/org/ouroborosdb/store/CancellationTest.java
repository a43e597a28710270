package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a cancellation says, and when. */
class CancellationTest {
  private static final long HOUR_MILLIS = 3_600_000;

  private static String refusal(Cancellation cancellation) {
    StoreException refused = assertThrows(StoreException.class, cancellation::check);
    assertEquals(ErrorCode.CANCELLED, refused.code());
    return String.valueOf(refused.getMessage());
  }

  @Test
  void a_deadline_that_has_passed_says_so_and_one_to_come_does_not() {
    Cancellation passed = Cancellation.after(0);
    while (!passed.isCancelled()) {
      Thread.onSpinWait();
    }
    assertEquals("the call timed out", refusal(passed));
    Cancellation later = Cancellation.after(HOUR_MILLIS);
    assertFalse(later.isCancelled());
    later.check();
    later.cancel();
    later.cancel();
    assertEquals("the call was cancelled", refusal(later));
    assertFalse(Cancellation.after(Long.MAX_VALUE).isCancelled());
    assertTrue(Cancellation.after(Long.MIN_VALUE).isCancelled());
  }

  @Test
  void one_without_a_deadline_waits_to_be_told() {
    Cancellation cancellation = Cancellation.create();
    cancellation.check();
    cancellation.cancel();
    assertTrue(cancellation.isCancelled());
    assertEquals("the call was cancelled", refusal(cancellation));
  }
}
