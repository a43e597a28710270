package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that are put together stand where single puts would have put them. */
final class SortedMapTest {
  private static final int ROUNDS = 200;

  @TempDir Path directory;

  @Test
  void batches_single_puts_and_removals_give_one_map_in_memory_and_after_a_reopen() {
    long seed = new Random().nextLong();
    System.out.println("batches: seed " + seed);
    Random random = new Random(seed);
    TreeMap<Long, byte[]> expected = new TreeMap<>();
    String file = directory.resolve("map.mv").toString();
    try (MVStore store = MVStore.open(file)) {
      SortedMap<Long, byte[]> map = open(store);
      for (int round = 0; round < ROUNDS; round++) {
        NavigableMap<Long, byte[]> batch = batch(random, expected);
        List<Long> keys = new ArrayList<>(batch.keySet());
        map.putSorted(keys, i -> batch.get(keys.get(i)), () -> {});
        expected.putAll(batch);
        change(random, map, expected);
        if (random.nextInt(8) == 0) {
          store.commit();
        }
      }
      assertSame(expected, map);
    }
    try (MVStore store = MVStore.open(file)) {
      assertSame(expected, open(store));
    }
  }

  /** Some ascend behind all, some lie anywhere, some are there already; some rows are long. */
  private static NavigableMap<Long, byte[]> batch(
      Random random, NavigableMap<Long, byte[]> expected) {
    TreeMap<Long, byte[]> batch = new TreeMap<>();
    long last = expected.isEmpty() ? 0 : expected.lastKey();
    boolean ascending = random.nextBoolean();
    for (int i = random.nextInt(400); i >= 0; i--) {
      long key = ascending ? last + 1 + random.nextInt(500) : random.nextInt(1_000_000);
      batch.put(key, new byte[random.nextInt(50) == 0 ? random.nextInt(40_000) : 20]);
    }
    return batch;
  }

  private static void change(
      Random random, SortedMap<Long, byte[]> map, NavigableMap<Long, byte[]> expected) {
    for (int i = random.nextInt(20); i > 0; i--) {
      Long key = expected.ceilingKey((long) random.nextInt(1_000_000));
      if (key != null && random.nextBoolean()) {
        map.remove(key);
        expected.remove(key);
      } else {
        long added = random.nextInt(1_000_000);
        map.put(added, new byte[] {1});
        expected.put(added, new byte[] {1});
      }
    }
  }

  private static void assertSame(NavigableMap<Long, byte[]> expected, SortedMap<Long, byte[]> map) {
    assertEquals(expected.size(), map.sizeAsLong());
    long index = 0;
    Cursor<Long, byte[]> entries = map.cursor(null);
    for (Map.Entry<Long, byte[]> each : expected.entrySet()) {
      assertEquals(each.getKey(), entries.next());
      assertArrayEquals(each.getValue(), entries.getValue());
      assertArrayEquals(each.getValue(), map.get(each.getKey()));
      assertEquals(index++, map.getKeyIndex(each.getKey()));
    }
    assertEquals(false, entries.hasNext());
  }

  @Test
  void a_set_takes_keys_in_any_order_and_shows_them_in_theirs() {
    try (MVStore store = MVStore.open(null)) {
      KeySet set = new KeySet(store, "set", 2);
      for (long i = 0; i < 1_000; i++) {
        set.add(new long[] {i * 7919 % 1_000, i});
      }
      set.remove(new long[] {7919 % 1_000, 1});
      long before = -1;
      for (Cursor<long[], Boolean> keys = set.settled().cursor(null); keys.hasNext(); ) {
        long key = keys.next()[0];
        assertEquals(before + (before == 918 ? 2 : 1), key);
        before = key;
      }
      assertEquals(999, before);
      assertEquals(0, set.waitingBytes());
    }
  }

  @Test
  void a_row_is_found_while_it_waits_and_when_it_has_its_place() {
    try (MVStore store = MVStore.open(null)) {
      RowMap rows = new RowMap(store);
      for (long seq : new long[] {5, 6, 9, 700, 1_000_000}) {
        rows.add(seq, new byte[] {(byte) seq});
      }
      for (int i = 0; i < 2; i++) {
        assertArrayEquals(new byte[] {9}, rows.get(9));
        assertArrayEquals(new byte[] {(byte) 1_000_000}, rows.get(1_000_000));
        assertNull(rows.get(7));
        assertNull(rows.get(1));
        assertEquals(5, rows.settled().sizeAsLong());
      }
      rows.add(1_000_001, new byte[0]);
      rows.replace(6, new byte[] {66});
      rows.remove(5);
      assertArrayEquals(new byte[] {66}, rows.get(6));
      assertNull(rows.get(5));
      assertArrayEquals(new byte[0], rows.get(1_000_001));
    }
  }

  private static SortedMap<Long, byte[]> open(MVStore store) {
    return SortedMap.open(store, "map", LongDataType.INSTANCE, ByteArrayDataType.INSTANCE);
  }
}
