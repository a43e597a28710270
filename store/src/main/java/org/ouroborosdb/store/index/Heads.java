package org.ouroborosdb.store.index;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;

/**
 * Keeps the heads of each base that has versions, so that one look-up finds them. One thread
 * writes; reads are thread-safe.
 *
 * <p>An entry holds the sequence number of its last change, then the heads: a snapshot older than
 * the change computes its own from the versions.
 */
final class Heads {
  /** Stands for a change that no snapshot is young enough for: heads are always computed. */
  static final long NEVER_KNOWN = Long.MAX_VALUE;

  private final IndexMaps maps;

  Heads(IndexMaps maps) {
    this.maps = maps;
  }

  /** Returns the heads as of a snapshot; null if it must compute them. */
  long @Nullable [] at(long baseSeq, long snapshotSeq) {
    long[] entry = maps.heads.get(baseSeq);
    if (entry == null) {
      return new long[] {baseSeq};
    }
    return entry[0] <= snapshotSeq ? Arrays.copyOfRange(entry, 1, entry.length) : null;
  }

  /** Takes a version, which replaces its parent and what it merges. */
  void add(IndexedEvent version, EventIndex index) {
    long base = version.baseSeq();
    long[] entry = maps.heads.get(base);
    Set<Long> replaced = new HashSet<>();
    replaced.add(version.parentSeq());
    boolean known = entry == null || entry[0] != NEVER_KNOWN;
    for (EventId merged : version.event().merges()) {
      long seq = index.find(merged);
      known &= seq != 0;
      replaced.add(seq);
    }
    long[] before = entry == null ? new long[] {0, base} : entry;
    long[] after = new long[before.length + 1];
    int length = 1;
    for (int i = 1; i < before.length; i++) {
      if (!replaced.contains(before[i])) {
        after[length++] = before[i];
      }
    }
    after[length++] = version.seq();
    after[0] = known ? version.seq() : NEVER_KNOWN;
    maps.heads.put(base, Arrays.copyOf(after, length));
  }

  /** Computes the heads of a base anew, after some of its versions were removed. */
  void recompute(long base, long seq, EventIndex index) {
    long[] entry = maps.heads.get(base);
    if (entry == null || entry[0] == NEVER_KNOWN) {
      return;
    }
    Set<Long> heads = new HashSet<>();
    Set<Long> replaced = new HashSet<>();
    if (!maps.removed.containsKey(base)) {
      heads.add(base);
    }
    for (long version : versions(base)) {
      IndexRow row = maps.removed.containsKey(version) ? null : index.row(version);
      if (row != null) {
        heads.add(version);
        replaced.add(row.parentSeq());
        row.merges().forEach(merged -> replaced.add(index.find(merged)));
      }
    }
    heads.removeAll(replaced);
    long[] after = new long[heads.size() + 1];
    after[0] = seq;
    int length = 1;
    for (long head : heads) {
      after[length++] = head;
    }
    Arrays.sort(after, 1, length);
    maps.heads.put(base, after);
  }

  private List<Long> versions(long base) {
    MVMap<long[], Boolean> versions = maps.versions;
    List<Long> seqs = new java.util.ArrayList<>();
    versions
        .cursor(Keys.first(2, base), Keys.last(2, base), false)
        .forEachRemaining(key -> seqs.add(key[1]));
    return seqs;
  }

  boolean contains(long baseSeq) {
    return maps.heads.containsKey(baseSeq);
  }

  void remove(long baseSeq) {
    maps.heads.remove(baseSeq);
  }
}
