package org.ouroborosdb.store.index;

import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.StoredContent;

/** What is counted of the events visible and of the tombstones, as they change. For one thread. */
final class Totals {
  private static final String[] DIGEST = {"count", "high", "low"};

  private long events;
  private long roots;
  private long logicalBytes;
  private SetDigest ids;
  private SetDigest tombstones;

  /** Starts from what {@link #keep} kept. */
  Totals(MVMap<String, Long> numbers) {
    events = numbers.getOrDefault("events", 0L);
    roots = numbers.getOrDefault("roots", 0L);
    logicalBytes = numbers.getOrDefault("logicalBytes", 0L);
    ids = kept(numbers, "ids.");
    tombstones = kept(numbers, "tombstones.");
  }

  private static SetDigest kept(MVMap<String, Long> numbers, String set) {
    return new SetDigest(
        numbers.getOrDefault(set + DIGEST[0], 0L),
        numbers.getOrDefault(set + DIGEST[1], 0L),
        numbers.getOrDefault(set + DIGEST[2], 0L));
  }

  /** Counts an event that becomes visible ({@code sign} 1) or is removed (-1). */
  void count(
      EventId id,
      @Nullable StoredContent metadata,
      @Nullable StoredContent content,
      boolean root,
      int sign) {
    events += sign;
    roots += root ? sign : 0;
    logicalBytes += metadata == null ? 0 : sign * metadata.length();
    logicalBytes += content == null ? 0 : sign * content.length();
    ids = ids.with(Keys.of(id), sign);
  }

  /** Counts a tombstone that comes ({@code sign} 1) or turns out to be void (-1). */
  void countTombstone(long[] key, int sign) {
    tombstones = tombstones.with(key, sign);
  }

  IndexState state(long lastSeq) {
    return new IndexState(lastSeq, events, roots, logicalBytes, ids, tombstones);
  }

  /** Puts everything where a checkpoint keeps it. */
  void keep(MVMap<String, Long> numbers) {
    numbers.put("events", events);
    numbers.put("roots", roots);
    numbers.put("logicalBytes", logicalBytes);
    keep(numbers, "ids.", ids);
    keep(numbers, "tombstones.", tombstones);
  }

  private static void keep(MVMap<String, Long> numbers, String set, SetDigest digest) {
    numbers.put(set + DIGEST[0], digest.count());
    numbers.put(set + DIGEST[1], digest.high());
    numbers.put(set + DIGEST[2], digest.low());
  }
}
