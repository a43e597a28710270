package org.ouroborosdb.store.embedded;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.disk.Disk;

/** Opens stores over simulated disks, with a clock and randomness that replay from a seed. */
public final class Simulation {
  private static final int SEGMENT_BYTES = 12_000;
  private static final int CHECKPOINT_BYTES = 5_000;
  private static final long LEAST_BYTES_TO_COMPACT = 100_000;

  private final Random random;
  private final Clock clock = new SteppingClock();

  /** Starts a simulated world. */
  public Simulation(long seed) {
    random = new Random(seed);
  }

  /** Opens a store with small segments and frequent checkpoints; the options have no path. */
  public EventStore open(Disk disk, StoreOptions options) {
    return EmbeddedEventStore.open(
        options,
        new Surroundings(
            memory -> disk,
            clock,
            () -> random,
            SEGMENT_BYTES,
            CHECKPOINT_BYTES,
            LEAST_BYTES_TO_COMPACT));
  }

  /** Goes on by a microsecond a call. */
  private static final class SteppingClock extends Clock {
    private static final long NANOS = 1_000;
    private Instant now = Instant.ofEpochSecond(1_700_000_000);

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public synchronized Instant instant() {
      now = now.plusNanos(NANOS);
      return now;
    }
  }
}
