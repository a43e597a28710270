package org.ouroborosdb.store.embedded;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Issues levels: nanoseconds since the epoch that never repeat nor go back. Thread-safe. */
final class LevelClock {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Clock clock;
  private final AtomicLong last;

  LevelClock(Clock clock, long lastIssued) {
    this.clock = clock;
    this.last = new AtomicLong(lastIssued);
  }

  /** Returns a level above every one issued, and above the parent's. */
  long next(long parentLevel) {
    Instant instant = clock.instant();
    long now = instant.getEpochSecond() * NANOS_PER_SECOND + instant.getNano();
    return last.updateAndGet(issued -> Math.max(now, Math.max(issued, parentLevel) + 1));
  }
}
