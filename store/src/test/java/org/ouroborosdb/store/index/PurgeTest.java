package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.disk.MemoryDisk;

/** Removed events leave an index when no snapshot can see them, and leave nothing there. */
class PurgeTest {
  private static final int EVENTS = 10;

  private EventIndex index;

  @BeforeEach
  void an_index_has_a_root_and_temporary_events_with_versions() throws IOException {
    index = grown(EVENTS);
  }

  private static EventIndex grown(int events) throws IOException {
    EventIndex made = new IndexFile(new MemoryDisk()).create(1 << 20);
    NumberedEvents.apply(made, 1, 0, EventType.ROOT, 1);
    for (long seq = 2; seq <= events; seq += 2) {
      NumberedEvents.apply(made, seq, 1, EventType.NORMAL, seq);
      NumberedEvents.apply(made, seq + 1, seq, EventType.OVERWRITE, seq, true, List.of());
    }
    return made;
  }

  /** Removes a NORMAL event and its version. */
  private void remove(long seq) {
    index.tombstone(NumberedEvents.id(seq), index.lastSeq() + 1, List.of(seq, seq + 1));
    index.publish();
  }

  private IndexSnapshot snapshot() {
    return new IndexSnapshot(index, ListedEvents.NO_LOG);
  }

  private static List<Long> sizes(EventIndex of) {
    of.ids().settle(() -> {});
    IndexMaps maps = of.maps();
    return List.<MVMap<?, ?>>of(
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
            maps.heads)
        .stream()
        .map(MVMap::sizeAsLong)
        .toList();
  }

  @Test
  void the_maps_are_as_if_they_had_never_been_there() throws IOException {
    List<Long> all = sizes(index);
    for (long seq = 2; seq <= EVENTS; seq += 2) {
      remove(seq);
    }
    assertEquals(sizes(grown(1)), sizes(index));
    assertEquals(EVENTS + 1L, all.get(0));
    index.publish();
    assertEquals(0, index.maps().removed.size());
  }

  @Test
  void each_stays_as_long_as_a_snapshot_from_before_its_removal() {
    IndexSnapshot before = snapshot();
    remove(2);
    IndexSnapshot between = snapshot();
    remove(4);
    IndexSnapshot after = snapshot();
    index.publish();
    assertNotNull(index.maps().rows.get(2L));
    assertNotNull(before.find(NumberedEvents.id(2)));
    before.close();
    index.publish();
    assertNull(index.maps().rows.get(2L));
    assertNotNull(index.maps().rows.get(4L));
    assertNull(between.find(NumberedEvents.id(2)));
    assertNotNull(between.find(NumberedEvents.id(4)));
    between.close();
    after.close();
    index.publish();
    index.publish();
    assertNull(index.maps().rows.get(4L));
  }

  /** A scan may still meet the keys of what has left the maps. */
  @Test
  void that_they_were_removed_is_known_until_the_snapshots_of_then_are_closed() {
    IndexSnapshot open;
    remove(2);
    open = snapshot();
    index.publish();
    assertNull(index.maps().rows.get(2L));
    assertEquals(2, index.maps().removed.size());
    open.close();
    NumberedEvents.apply(index, index.lastSeq() + 1, 1, EventType.NORMAL, index.lastSeq() + 1);
    index.publish();
    assertEquals(0, index.maps().removed.size());
  }
}
