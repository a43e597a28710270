package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.disk.MemoryDisk;

/** Heads of the past are found without a reading of all versions, or not at all. */
class VersionChainTest {
  private static final int BASES = 3;

  private EventIndex index;
  private VersionChain chain;
  private int asked;

  /** Makes a root, 1, and bases 2 to 4 below it. */
  @BeforeEach
  void open() throws IOException {
    index = new IndexFile(new MemoryDisk()).create(1 << 20);
    chain = new VersionChain(index, index.maps().versions);
    NumberedEvents.apply(index, 1, 0, EventType.ROOT, 1);
    for (long base = 2; base < 2 + BASES; base++) {
      NumberedEvents.apply(index, base, 1, EventType.NORMAL, base, false, List.of());
    }
  }

  @AfterEach
  void close() {
    index.close();
  }

  /** Returns the heads among what is not after a number; null if they are not known. */
  private @Nullable List<Long> heads(long base, boolean someMergedCameLater, long upTo) {
    asked = 0;
    List<IndexRow> heads =
        chain.heads(
            Objects.requireNonNull(index.row(base)),
            someMergedCameLater,
            upTo,
            seq -> {
              asked++;
              return seq <= upTo;
            });
    return heads == null ? null : heads.stream().map(IndexRow::seq).sorted().toList();
  }

  private void version(long seq, long parent, long base, Long... merges) {
    NumberedEvents.apply(index, seq, parent, EventType.OVERWRITE, base, false, List.of(merges));
  }

  /** Gives each base a chain of versions, in turn: 5, 8, ... are those of 2. */
  private long chains(int length) {
    long seq = 1 + BASES;
    for (int i = 0; i < length; i++) {
      for (long base = 2; base < 2 + BASES; base++) {
        seq++;
        version(seq, i == 0 ? base : seq - BASES, base);
      }
    }
    return seq;
  }

  @Test
  void the_head_of_a_chain_is_found_by_asking_for_few_of_its_versions() {
    long last = chains(100);
    for (long base = 2; base < 2 + BASES; base++) {
      for (long upTo = base; upTo <= last; upTo++) {
        long expected = upTo - (upTo - base) % BASES;
        assertEquals(List.of(expected), heads(base, true, upTo));
        assertTrue(asked <= 9, asked + " questions");
      }
      assertEquals(List.of(base), heads(base, false, 0), "the base is shown");
    }
    assertEquals(List.of(1L), heads(1, true, last), "it has no versions");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void heads_behind_a_fork_are_those_that_nothing_shown_replaces(long seed) {
    Random random = new Random(seed);
    long seq = chains(5);
    List<long[]> versions = new ArrayList<>(); // number and parent, then what it merges
    for (long i = 3 + 2; i <= seq; i += BASES) {
      versions.add(new long[] {i, i == 5 ? 2 : i - BASES});
    }
    for (int i = 0; i < 30; i++) {
      seq++;
      if (i % 3 == 0) {
        version(seq, 3, 3);
      } else {
        long parent = versions.get(random.nextInt(versions.size()))[0];
        long merged = versions.get(random.nextInt(versions.size()))[0];
        boolean merges = random.nextInt(3) == 0 && merged != parent;
        if (merges) {
          version(seq, parent, 2, merged);
        } else {
          version(seq, parent, 2);
        }
        versions.add(merges ? new long[] {seq, parent, merged} : new long[] {seq, parent});
      }
    }
    for (long upTo = 2; upTo <= seq; upTo++) {
      Set<Long> heads = new HashSet<>(Set.of(2L));
      Set<Long> replaced = new HashSet<>();
      for (long[] version : versions) {
        if (version[0] <= upTo) {
          heads.add(version[0]);
          for (int i = 1; i < version.length; i++) {
            replaced.add(version[i]);
          }
        }
      }
      heads.removeAll(replaced);
      assertEquals(heads.stream().sorted().toList(), heads(2, false, upTo), "up to " + upTo);
    }
  }

  @Test
  void they_are_not_known_where_something_merged_may_have_come_later() {
    long last = chains(4);
    assertEquals(List.of(last), heads(4, true, last), "a chain merges nothing");
    version(last + 1, last - BASES, 4);
    assertEquals(List.of(last, last + 1), heads(4, false, last + 1));
    assertNull(heads(4, true, last + 1));
    assertNotNull(heads(3, true, last + 1));
  }

  @Test
  void they_are_not_known_where_rows_are_gone() {
    long last = chains(4);
    version(last + 1, last - BASES, 4);
    version(last + 2, 3, 3);
    version(last + 3, 3, 3);
    version(last + 4, 3, 3);
    index.maps().rows.remove(last);
    index.maps().rows.remove(last + 3);
    index.forgetRows();
    assertNull(heads(4, false, last + 1), "the end of the chain");
    assertNull(heads(3, false, last + 3), "behind a fork");
    assertEquals(List.of(last - 1, last + 2), heads(3, false, last + 2), "it is not shown");
  }
}
