package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** An index whose disk fails under it. */
class LostIndexFileTest {
  private static final WriterId STORE = new WriterId(1, 2);
  private static final long CACHE_BYTES = 4 << 20;

  private static Position end(EventIndex index) {
    return new Position(1, 100 * index.lastSeq());
  }

  @Test
  void an_index_whose_file_takes_no_more_goes_on_in_memory_and_says_so() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    IndexFile file = new IndexFile(disk);
    try (EventIndex index = file.create(1 << 20)) {
      ListedEvents list = new ListedEvents(6);
      list.grow(index, 1_500, true);
      file.note(index.checkpoint(end(index), STORE), index.lastSeq(), end(index));
      assertFalse(index.hasLostFile());
      disk.faults().failChanges(0, Long.MAX_VALUE / 2, "Input/output error");
      for (int i = 0; i < 3; i++) {
        list.grow(index, 1_000, true);
        assertThrows(StoreException.class, () -> index.checkpoint(end(index), STORE));
      }
      assertTrue(index.hasLostFile());
      index.forgetRows();
      try (IndexSnapshot snapshot = new IndexSnapshot(index, ListedEvents.NO_LOG)) {
        list.check(snapshot);
      }
      disk.faults().end();
      long length = file.copyNext(index);
      try (EventIndex copy = file.replaceByCopy(length, index.lastSeq(), end(index), CACHE_BYTES);
          IndexSnapshot snapshot = new IndexSnapshot(copy, ListedEvents.NO_LOG)) {
        list.check(snapshot);
        assertFalse(copy.hasLostFile());
      }
    }
  }
}
