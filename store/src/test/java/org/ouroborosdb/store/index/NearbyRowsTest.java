package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.disk.MemoryDisk;

/** The rows of a scan are those of the index, whatever the order in which they are asked for. */
class NearbyRowsTest {
  private static final int EVENTS = 1_000; // twenty pages and more

  @Test
  void rows_in_any_order_are_those_of_the_index() throws Exception {
    try (EventIndex index = new IndexFile(new MemoryDisk()).create(4 << 20)) {
      new ListedEvents(1).grow(index, EVENTS, false);
      long removed = index.lastSeq() / 2;
      index.maps().rows.remove(removed);
      index.forgetRows();
      List<Long> seqs = new ArrayList<>();
      for (long seq = -1; seq <= index.lastSeq() + 1; seq++) {
        seqs.add(seq);
      }
      compare(index, seqs);
      Collections.reverse(seqs);
      compare(index, seqs);
      long seed = new Random().nextLong();
      System.out.println("nearby rows: seed " + seed);
      Collections.shuffle(seqs, new Random(seed));
      compare(index, seqs);
      assertNull(new NearbyRows(index).row(removed));
    }
  }

  private static void compare(EventIndex index, List<Long> seqs) {
    NearbyRows rows = new NearbyRows(index);
    for (long seq : seqs) {
      byte[] expected = index.maps().rows.get(seq);
      IndexRow found = rows.row(seq);
      if (expected == null) {
        assertNull(found, () -> "row " + seq);
      } else {
        assertNotNull(found, () -> "row " + seq);
        assertArrayEquals(expected, found.bytes(), () -> "row " + seq);
      }
    }
  }
}
