package org.ouroborosdb.store.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Keys and values through the Java interface. */
class KeyValueStoreTest {
  @TempDir Path directory;
  private EventStore store;
  private KeyValueStore keys;

  @BeforeEach
  void open() {
    store = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("s")));
    keys = KeyValueStore.of(store);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void of_several_events_for_one_key_the_newest_counts_and_other_events_are_no_keys() {
    keys.put("a", bytes("1"));
    EventId root;
    try (Snapshot snapshot = store.snapshot()) {
      root = snapshot.roots(KeySpace.ROOT_TITLE).first().orElseThrow().id();
    }
    EventId second =
        store.append(NewEvent.child(root).title("a").content(store.put(bytes("2"))).build());
    store.append(NewEvent.child(second).title("b").content(store.put(bytes("3"))).build());
    EventId untitled = store.append(NewEvent.child(root).content(store.put(bytes("4"))).build());
    EventId elsewhere = store.append(NewEvent.root("x").build());
    EventId below = store.append(NewEvent.child(elsewhere).title("a").build());
    assertArrayEquals(bytes("2"), keys.getBytes("a", 10));
    assertNull(keys.getBytes("b", 10));
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(2, KeySpace.bases(snapshot, "a").size());
      assertTrue(KeySpace.isKey(snapshot, java.util.Objects.requireNonNull(snapshot.find(second))));
      for (EventId none : List.of(root, untitled, below, elsewhere)) {
        assertFalse(
            KeySpace.isKey(snapshot, java.util.Objects.requireNonNull(snapshot.find(none))),
            none::toString);
      }
    }
    assertTrue(keys.remove("a"));
    assertNull(keys.getBytes("a", 10));
    keys.put("a", bytes("5"));
    assertArrayEquals(bytes("5"), keys.getBytes("a", 10));
  }

  @Test
  void a_put_shows_the_new_value_and_keeps_the_old_ones() {
    assertTrue(keys.get("a").isEmpty());
    assertNull(keys.getBytes("a", 10));
    EventId first = keys.put("a", bytes("1"));
    EventId second = keys.put("a", store.put(bytes("2")), "{\"n\":2}");
    assertArrayEquals(bytes("2"), keys.getBytes("a", 10));
    KeyValue now = keys.get("a").orElseThrow();
    assertEquals(second, now.version());
    assertEquals("{\"n\":2}", now.metadata());
    assertTrue(keys.remove("a"));
    assertFalse(keys.remove("a"));
    assertTrue(keys.get("a").isEmpty());
    keys.put("a", bytes("4"));
    List<KeyValue> history = keys.history("a");
    assertEquals(List.of(false, false, true, false), removals(history));
    assertEquals(first, history.get(0).version());
    store.close();
    open();
    assertArrayEquals(bytes("4"), keys.getBytes("a", 10));
    assertEquals(history, keys.history("a"));
  }

  private static List<Boolean> removals(List<KeyValue> history) {
    return history.stream().map(KeyValue::removed).toList();
  }

  @Test
  void a_conditional_put_needs_the_version_it_expects() {
    EventId first = keys.putIf("a", null, null, "1");
    EventId second = keys.putIf("a", first, null, "2");
    for (EventId wrong : new EventId[] {null, first}) {
      StoreException e =
          assertThrows(StoreException.class, () -> keys.putIf("a", wrong, null, "3"));
      assertEquals(ErrorCode.CONFLICT, e.code());
    }
    keys.remove("a");
    keys.putIf("a", null, null, "4");
    assertThrows(StoreException.class, () -> keys.putIf("a", second, null, "5"));
    assertEquals("4", keys.get("a").orElseThrow().metadata());
  }

  @Test
  void keys_with_a_prefix_come_in_order_without_removed_ones_and_other_events() {
    for (String key : List.of("b/2", "a/1", "b/1", "b", "c", "b/3")) {
      keys.put(key, bytes(key));
    }
    keys.remove("b/3");
    EventId root = store.append(NewEvent.root("else").build());
    store.append(NewEvent.child(root).title("b/4").build());
    assertEquals(List.of("b/1", "b/2"), keys.withPrefix("b/").stream().map(KeyValue::key).toList());
    assertEquals(5, keys.withPrefix("").size());
  }

  @Test
  void counters_raised_by_several_threads_lose_no_step() throws Exception {
    int threads = 4;
    int steps = 25;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(pool.submit(() -> raise(steps)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      pool.shutdown();
    }
    assertEquals(String.valueOf(threads * steps), keys.get("counter").orElseThrow().metadata());
    assertEquals(threads * steps, keys.history("counter").size());
  }

  private void raise(int steps) {
    for (int done = 0; done < steps; ) {
      KeyValue before = keys.get("counter").orElse(null);
      int n = before == null ? 0 : Integer.parseInt(String.valueOf(before.metadata()));
      try {
        keys.putIf(
            "counter", before == null ? null : before.version(), null, String.valueOf(n + 1));
        done++;
      } catch (StoreException e) {
        assertEquals(ErrorCode.CONFLICT, e.code());
      }
    }
  }

  @Test
  void a_key_has_at_least_one_character() {
    assertEquals(
        ErrorCode.MISSING_VALUE,
        assertThrows(StoreException.class, () -> keys.put("", bytes("1"))).code());
  }
}
