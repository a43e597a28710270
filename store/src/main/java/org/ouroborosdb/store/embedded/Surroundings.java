package org.ouroborosdb.store.embedded;

import java.time.Clock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.ouroborosdb.store.Profile;
import org.ouroborosdb.store.disk.Disk;

/**
 * What a store takes from the world around it, and the sizes that a test makes small. Immutable.
 *
 * @param disks is given each disk and returns the one to use
 * @param clock tells the time for levels
 * @param random gives each thread its source of salts and ids
 * @param segmentBytes the length at which a segment is sealed; 0 for the profile's
 * @param checkpointBytes the length of log between checkpoints; 0 for the profile's
 * @param leastBytesToCompact the length below which an index file is not written anew
 */
record Surroundings(
    UnaryOperator<Disk> disks,
    Clock clock,
    Supplier<? extends RandomGenerator> random,
    int segmentBytes,
    int checkpointBytes,
    long leastBytesToCompact) {
  /** Shorter index files are not worth a copy. */
  private static final long LEAST_BYTES_TO_COMPACT = 4 << 20;

  private static final ThreadLocal<SystemRandom> RANDOM =
      ThreadLocal.withInitial(SystemRandom::new);

  /** Returns those of a store that is in use, but for its disks. */
  static Surroundings real(UnaryOperator<Disk> disks) {
    return new Surroundings(disks, Clock.systemUTC(), RANDOM::get, 0, 0, LEAST_BYTES_TO_COMPACT);
  }

  int segmentBytes(Profile profile) {
    return segmentBytes == 0 ? profile.segmentBytes() : segmentBytes;
  }

  int checkpointBytes(Profile profile) {
    return checkpointBytes == 0 ? profile.checkpointBytes() : checkpointBytes;
  }
}
