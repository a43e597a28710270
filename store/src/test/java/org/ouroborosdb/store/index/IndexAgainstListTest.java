package org.ouroborosdb.store.index;

import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** The index against a list, with few events: what {@link EventIndexTest} does with thousands. */
class IndexAgainstListTest {
  private static final WriterId STORE = new WriterId(1, 2);
  private static final long CACHE_BYTES = 1 << 20;

  private static void check(EventIndex index, ListedEvents list) {
    try (IndexSnapshot snapshot = new IndexSnapshot(index, ListedEvents.NO_LOG)) {
      list.check(snapshot);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void every_state_is_that_of_the_list_before_and_after_removals(long seed) throws IOException {
    try (EventIndex index = new IndexFile(new MemoryDisk()).create(CACHE_BYTES)) {
      ListedEvents list = new ListedEvents(seed);
      list.grow(index, 60, false);
      ListedEvents early = list.copy();
      try (IndexSnapshot before = new IndexSnapshot(index, ListedEvents.NO_LOG)) {
        early.check(before);
        list.grow(index, 120, true);
        check(index, list);
        early.check(before);
      }
      list.grow(index, 5, true);
      check(index, list);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {14, 15})
  void what_a_file_keeps_is_what_the_list_had_at_the_checkpoint(long seed) throws IOException {
    IndexFile file = new IndexFile(new SimulatedDisk());
    ListedEvents list = new ListedEvents(seed);
    ListedEvents noted;
    try (EventIndex index = file.create(CACHE_BYTES)) {
      list.grow(index, 150, true);
      Position end = new Position(1, 100 * index.lastSeq());
      file.note(index.checkpoint(end, STORE), index.lastSeq(), end);
      noted = list.copy();
      list.grow(index, 40, true);
      check(index, list);
    }
    try (EventIndex index = Objects.requireNonNull(file.open(STORE, CACHE_BYTES))) {
      check(index, noted);
      noted.grow(index, 40, true);
      check(index, noted);
    }
  }
}
