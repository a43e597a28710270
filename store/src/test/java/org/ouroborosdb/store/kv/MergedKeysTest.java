package org.ouroborosdb.store.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.embedded.Simulation;
import org.ouroborosdb.store.replication.Replicator;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;

/** A key whose events are several, or not quite a key's, has the value of the newest of them. */
class MergedKeysTest {
  private final EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory());
  private final KeyValueStore keys = KeyValueStore.of(store);

  @AfterEach
  void close() {
    store.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private EventId root() {
    try (Snapshot snapshot = store.snapshot()) {
      return snapshot.roots(KeySpace.ROOT_TITLE).first().orElseThrow().id();
    }
  }

  @Test
  void of_two_events_of_one_key_the_one_with_the_younger_version_counts() {
    keys.put("k", bytes("1"));
    EventId twin =
        store.append(NewEvent.child(root()).title("k").content(store.put(bytes("2"))).build());
    assertArrayEquals(bytes("2"), keys.getBytes("k", 9));
    EventId older;
    try (Snapshot snapshot = store.snapshot()) {
      List<EventRow> bases = KeySpace.bases(snapshot, "k");
      assertEquals(twin, bases.get(1).id());
      older = bases.get(0).id();
    }
    store.append(NewEvent.overwrite(older).content(store.put(bytes("3"))).build());
    assertArrayEquals(bytes("3"), keys.getBytes("k", 9), "the first one is above again");
    assertEquals(3, keys.history("k").size());
    assertEquals(1, keys.withPrefix("k").size());
  }

  @Test
  void versions_are_no_keys_though_they_hang_where_keys_do() {
    keys.put("k", bytes("1"));
    EventId version =
        store.append(NewEvent.overwrite(root()).title("k").content(store.put(bytes("x"))).build());
    assertArrayEquals(bytes("1"), keys.getBytes("k", 9));
    try (Snapshot snapshot = store.snapshot()) {
      assertFalse(KeySpace.isKey(snapshot, Objects.requireNonNull(snapshot.find(version))));
      assertEquals(1, KeySpace.bases(snapshot, "k").size());
    }
  }

  @Test
  void a_key_without_a_value_is_not_listed_and_cannot_be_removed_again() {
    keys.put("a", null, "only metadata");
    keys.put("ab", bytes("2"));
    keys.put("b", bytes("3"));
    assertTrue(keys.remove("ab"));
    assertFalse(keys.remove("ab"));
    assertFalse(keys.remove("never put"));
    assertNull(keys.getBytes("a", 9), "a value without content");
    assertEquals("only metadata", keys.get("a").orElseThrow().metadata());
    assertEquals(List.of("a", "b"), keys.withPrefix("").stream().map(KeyValue::key).toList());
    assertTrue(keys.history("ab").get(1).removed());
    StoreException refused =
        assertThrows(StoreException.class, () -> keys.put("", bytes("no name")));
    assertEquals(ErrorCode.MISSING_VALUE, refused.code());
  }

  @Test
  void a_value_is_put_only_over_the_version_that_was_expected() {
    EventId first = keys.putIf("k", null, null, "1");
    assertEquals(
        ErrorCode.CONFLICT,
        assertThrows(StoreException.class, () -> keys.putIf("k", null, null, "2")).code());
    EventId second = keys.putIf("k", first, null, "2");
    assertEquals(
        ErrorCode.CONFLICT,
        assertThrows(StoreException.class, () -> keys.putIf("k", first, null, "3")).code());
    assertTrue(keys.remove("k"));
    assertEquals(
        ErrorCode.CONFLICT,
        assertThrows(StoreException.class, () -> keys.putIf("k", second, null, "3")).code());
    keys.putIf("k", null, null, "4");
    assertEquals("4", keys.get("k").orElseThrow().metadata());
  }

  @Test
  void keys_put_in_one_transaction_of_ones_own_come_together() {
    try (Transaction transaction = store.begin()) {
      KeySpace.put(transaction, "a", null, "1");
      KeySpace.put(transaction, "a", null, "2");
      assertNull(KeySpace.remove(transaction, "c"));
      KeySpace.remove(transaction, "a");
      KeySpace.put(transaction, "b", null, "3");
      assertTrue(keys.get("b").isEmpty());
      transaction.commit();
    }
    assertTrue(keys.get("a").isEmpty());
    assertEquals(3, keys.history("a").size());
    assertEquals("3", keys.get("b").orElseThrow().metadata());
    assertTrue(
        store.verify(Cancellation.create(), (done, total) -> {}).isSound(), "and all is sound");
  }

  @Test
  void of_two_values_of_one_moment_all_stores_show_the_same() {
    for (long seed = 1; seed <= 8; seed++) {
      try (EventStore one = new Simulation(seed).open(new MemoryDisk(), StoreOptions.inMemory());
          EventStore two = new Simulation(-seed).open(new MemoryDisk(), StoreOptions.inMemory())) {
        KeyValueStore ones = KeyValueStore.of(one);
        KeyValueStore twos = KeyValueStore.of(two);
        ones.put("k", bytes("one"));
        twos.put("k", bytes("two"));
        assertEquals(level(one), level(two), "their clocks agree");
        Replicator.of(one).sync(two, "two", "one", SyncOptions.unbounded());
        assertArrayEquals(ones.getBytes("k", 9), twos.getBytes("k", 9), "seed " + seed);
        assertEquals(2, ones.history("k").size());
      }
    }
  }

  private static long level(EventStore of) {
    try (Snapshot snapshot = of.snapshot()) {
      return Objects.requireNonNull(KeySpace.newest(snapshot, "k")).level();
    }
  }
}
