package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.simulated.Loss;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** A compact copy of an index: all of it, told in steps, on the disk before it counts. */
class IndexCopyTest {
  private static final WriterId STORE = new WriterId(1, 2);
  private static final long CACHE_BYTES = 4 << 20;
  private static final int EVENTS = 3_000;
  private static final int STEP = 10_000;
  private static final int POWER_LOSSES = 12;
  private static final String COPY = "index-1.mv";

  private final SimulatedDisk disk = new SimulatedDisk();
  private final IndexFile file = new IndexFile(disk);
  private EventIndex origin;

  @BeforeEach
  void an_index_has_entries_in_its_maps() throws IOException {
    origin = grown(file, new ListedEvents(5), EVENTS);
  }

  private static EventIndex grown(IndexFile file, ListedEvents list, int events)
      throws IOException {
    EventIndex index = file.create(CACHE_BYTES);
    list.grow(index, events, true);
    index.tombstone(NumberedEvents.id(1), index.lastSeq() + 1, List.of());
    index.publish();
    IndexFileTest.addChunks(index, 100);
    index.prepareCopy(end(index), STORE);
    index.ids().settle(() -> {});
    return index;
  }

  private static Position end(EventIndex index) {
    return new Position(1, 100 * index.lastSeq());
  }

  private static List<MVMap<?, ?>> maps(EventIndex index) {
    IndexMaps maps = index.maps();
    return List.of(
        maps.rows,
        maps.ids,
        maps.children,
        maps.titles,
        maps.childTitles,
        maps.trees,
        maps.tags,
        maps.levels,
        maps.expiries,
        maps.versions,
        maps.heads,
        maps.chunks,
        maps.tombstones,
        maps.targets,
        maps.writers,
        maps.numbers);
  }

  private static <K, V> void assertSame(MVMap<K, V> expected, MVMap<?, ?> copied) {
    assertFalse(expected.isEmpty(), expected.getName());
    assertEquals(expected.sizeAsLong(), copied.sizeAsLong(), expected.getName());
    Cursor<?, ?> copy = copied.cursor(null);
    for (Cursor<K, V> entries = expected.cursor(null); entries.hasNext(); ) {
      Object[] entry = {entries.next(), entries.getValue()};
      Object[] same = {copy.next(), copy.getValue()};
      assertTrue(Arrays.deepEquals(entry, same), () -> expected.getName() + entry[0]);
    }
  }

  private static EventIndex replaced(IndexFile file, EventIndex origin) throws IOException {
    long length = file.copyNext(origin);
    return file.replaceByCopy(length, origin.lastSeq(), end(origin), CACHE_BYTES);
  }

  @Test
  void it_has_every_entry_of_every_map() throws IOException {
    try (EventIndex copy = replaced(file, origin)) {
      for (int i = 0; i < maps(origin).size(); i++) {
        assertSame(maps(origin).get(i), maps(copy).get(i));
      }
    }
  }

  @Test
  void it_tells_every_ten_thousand_entries_which_are_in_the_file_then() throws IOException {
    List<Long> steps = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    long all = origin.maps().entries();
    assertTrue(all > 2 * STEP, all + " entries");
    file.copyNext(
        origin,
        Cancellation.create(),
        (done, total) -> {
          steps.add(done);
          lengths.add(disk.get(COPY).length);
          assertEquals(all, total);
        });
    List<Long> expected = new ArrayList<>();
    for (long at = STEP; at <= all; at += STEP) {
      expected.add(at);
    }
    expected.add(all);
    assertEquals(expected, steps);
    for (int i = 0; i < lengths.size(); i++) {
      int before = i == 0 ? 0 : lengths.get(i - 1);
      assertTrue(lengths.get(i) > before, () -> "bytes in the file: " + lengths);
    }
  }

  @Test
  void a_call_that_is_cancelled_ends_at_the_next_step() {
    for (int step = 0; step <= 1; step++) {
      Cancellation cancellation = Cancellation.create();
      List<Long> steps = new ArrayList<>();
      ProgressListener cancelling =
          (done, total) -> {
            steps.add(done);
            cancellation.cancel();
          };
      if (step == 0) {
        cancellation.cancel();
      }
      StoreException stopped =
          assertThrows(StoreException.class, () -> file.copyNext(origin, cancellation, cancelling));
      assertEquals(ErrorCode.CANCELLED, stopped.code());
      assertEquals(step, steps.size());
    }
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void once_it_has_taken_the_place_of_its_origin_no_power_loss_takes_it(Loss loss)
      throws IOException {
    for (int seed = 0; seed < POWER_LOSSES; seed++) {
      SimulatedDisk before = new SimulatedDisk();
      IndexFile there = new IndexFile(before);
      ListedEvents list = new ListedEvents(seed);
      EventIndex copy = replaced(there, grown(there, list, 100));
      SimulatedDisk after = before.restarted(loss, new Random(seed));
      try (EventIndex again =
          Objects.requireNonNull(new IndexFile(after).open(STORE, CACHE_BYTES))) {
        assertEquals(copy.lastSeq(), again.lastSeq());
        IndexFileTest.check(again, list);
      }
    }
  }
}
