package org.ouroborosdb.store.versions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** The heads as of a moment are those that a reader of all versions finds. */
class PastHeadsTest {
  private static final Comparator<EventRow> NEWEST_FIRST =
      Comparator.comparingLong(EventRow::level).thenComparing(EventRow::id).reversed();

  @TempDir Path directory;

  @Test
  void heads_of_every_moment_are_those_of_its_versions_whatever_forks_and_joins_there_were() {
    long seed = System.nanoTime();
    System.out.println("PastHeadsTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 12; round++) {
      Path place = directory.resolve("s" + round);
      try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(place))) {
        EventId root = store.append(NewEvent.root("r").build());
        EventId base = store.append(NewEvent.child(root).title("doc").build());
        // every third history has no fork, every third one only at its end
        int chain = round % 3 == 0 ? 40 : round % 3 == 1 ? 30 : 3;
        grow(store, base, chain, random);
        check(store, base);
        try (Transaction transaction = store.begin()) {
          transaction.append(NewEvent.overwrite(base).metadata("own").build());
          checkPast(transaction.view(), store.snapshot(), base);
        }
      }
    }
  }

  private static void grow(EventStore store, EventId base, int chain, Random random) {
    List<EventId> all = new ArrayList<>(List.of(base));
    for (int i = 0; i < 40; i++) {
      EventId parent = all.get(all.size() - 1);
      List<EventId> merges = new ArrayList<>();
      if (i >= chain) {
        parent = all.get(random.nextInt(all.size()));
        if (random.nextInt(3) == 0) {
          EventId other = all.get(1 + random.nextInt(all.size() - 1));
          if (!other.equals(parent)) {
            merges.add(other);
          }
        }
      }
      store.append(NewEvent.root("between " + i).build());
      all.add(store.append(NewEvent.overwrite(parent).merges(merges).build()));
    }
  }

  private static void check(EventStore store, EventId base) {
    try (Snapshot now = store.snapshot()) {
      checkPast(now, store.snapshot(), base);
    }
  }

  /** Compares each moment with a plain reading of the versions in another snapshot. */
  private static void checkPast(Snapshot asked, Snapshot read, EventId base) {
    try (read) {
      long baseSeq = Objects.requireNonNull(read.find(base)).seq();
      List<EventRow> versions = read.versions(baseSeq).stream().toList();
      for (long seq = baseSeq; seq <= read.seq() + 1; seq++) {
        long most = seq;
        List<EventRow> then = versions.stream().filter(row -> row.seq() <= most).toList();
        assertHeads(then, asked.asOfSeq(seq), baseSeq);
        EventRow at = read.find(seq);
        if (at != null) {
          List<EventRow> up = versions.stream().filter(v -> v.level() <= at.level()).toList();
          assertHeads(up, asked.asOfLevel(at.level()), baseSeq);
          assertHeads(up, asked.asOfLevel(at.level()).asOfSeq(Long.MAX_VALUE), baseSeq);
        }
      }
    }
  }

  private static void assertHeads(List<EventRow> versions, Snapshot past, long baseSeq) {
    Set<EventId> replaced = new HashSet<>();
    for (EventRow row : versions) {
      if (row.type().isVersion()) {
        replaced.add(row.parent());
        replaced.addAll(row.merges());
      }
    }
    List<EventId> expected =
        versions.stream()
            .filter(row -> !replaced.contains(row.id()))
            .sorted(NEWEST_FIRST)
            .map(EventRow::id)
            .toList();
    assertEquals(expected, past.heads(baseSeq).stream().map(EventRow::id).toList());
    EventRow winner = Objects.requireNonNull(past.winner(baseSeq));
    assertEquals(expected.get(0), winner.id());
  }
}
