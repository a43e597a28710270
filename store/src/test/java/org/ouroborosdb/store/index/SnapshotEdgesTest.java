package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Rows;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.kv.KeySpace;
import org.ouroborosdb.store.kv.KeyValueStore;

/** What snapshots answer at the edges of what there is. */
class SnapshotEdgesTest {
  private final EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory());

  @AfterEach
  void close() {
    store.close();
  }

  private static List<Long> seqs(Rows rows) {
    List<Long> seqs = new ArrayList<>();
    rows.forEach(row -> seqs.add(row.seq()));
    Collections.sort(seqs);
    return seqs;
  }

  @Test
  void prefixes_longer_than_what_the_index_orders_by_are_compared_whole() {
    String same = "a title of which the beginning is long";
    for (String end : List.of(" and so", " and so on", " and then")) {
      store.append(NewEvent.root(same + end).build());
    }
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(List.of(1L, 2L, 3L), seqs(snapshot.titledFrom(same)));
      assertEquals(List.of(1L, 2L), seqs(snapshot.titledFrom(same + " and so")));
      assertEquals(List.of(3L), seqs(snapshot.titledFrom(same + " and t")));
      assertEquals(List.of(), seqs(snapshot.titledFrom(same + " or")));
      assertEquals(List.of(2L), seqs(snapshot.titled(same + " and so on")));
    }
  }

  @Test
  void a_subtree_is_counted_to_any_depth_from_any_event() {
    EventId root = store.append(NewEvent.root("r").build());
    EventId child = store.append(NewEvent.child(root).build());
    store.append(NewEvent.child(child).build());
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(3, snapshot.subtreeCount(1, Integer.MAX_VALUE));
      assertEquals(2, snapshot.subtreeCount(2, Integer.MAX_VALUE));
      assertEquals(2, snapshot.subtreeCount(1, 1));
      assertEquals(1, snapshot.subtreeCount(1, 0));
      assertEquals(0, snapshot.subtreeCount(4, Integer.MAX_VALUE));
      assertEquals(0, snapshot.subtreeCount(0, 3));
    }
  }

  @Test
  void past_states_know_no_heads_of_what_came_later() {
    EventId base = store.append(NewEvent.root("r").build());
    EventId first = store.append(NewEvent.overwrite(base).build());
    store.append(NewEvent.overwrite(first).build());
    EventId later = store.append(NewEvent.root("later").build());
    try (Snapshot snapshot = store.snapshot()) {
      EventRow row = Objects.requireNonNull(snapshot.find(later));
      try (Snapshot past = snapshot.asOfSeq(2)) {
        assertEquals(List.of(2L), seqs(past.heads(1)));
        assertEquals(List.of(), seqs(past.heads(row.seq())));
        assertNull(past.winner(row.seq()));
      }
      try (Snapshot past = snapshot.asOfSeq(1)) {
        assertEquals(List.of(1L), seqs(past.heads(1)));
      }
      for (long seq = 1; seq <= 4; seq++) {
        long level = Objects.requireNonNull(snapshot.find(seq)).level();
        try (Snapshot past = snapshot.asOfLevel(level)) {
          assertEquals(List.of(Math.min(seq, 3)), seqs(past.heads(1)));
        }
        try (Snapshot past = snapshot.asOfLevel(level - 1)) {
          List<Long> heads = seq == 1 ? List.of() : List.of(Math.min(seq - 1, 3));
          assertEquals(heads, seqs(past.heads(1)));
        }
      }
      assertEquals(List.of(), seqs(snapshot.heads(99)));
      assertNull(snapshot.winner(99));
    }
  }

  @Test
  void keys_are_titled_children_of_the_root_of_keys_alone() {
    KeyValueStore.of(store).put("k", new byte[] {1});
    EventId other = store.append(NewEvent.root("other").build());
    EventId child = store.append(NewEvent.child(other).title("k").build());
    try (Snapshot snapshot = store.snapshot()) {
      EventRow root = snapshot.roots(KeySpace.ROOT_TITLE).first().orElseThrow();
      EventRow key = snapshot.titled(root.seq(), "k").first().orElseThrow();
      assertTrue(KeySpace.isKey(snapshot, key));
      EventId untitled = store.append(NewEvent.child(root.id()).build());
      EventId deep = store.append(NewEvent.child(key.id()).title("deep").build());
      try (Snapshot after = store.snapshot()) {
        for (EventId id : List.of(root.id(), other, child, untitled, deep)) {
          assertFalse(KeySpace.isKey(after, Objects.requireNonNull(after.find(id))));
        }
      }
    }
  }

  @Test
  void a_closed_store_answers_nothing_more() {
    store.append(NewEvent.root("r").build());
    Snapshot snapshot = store.snapshot();
    assertNotNull(snapshot.find(1L));
    store.close();
    StoreException closed = assertThrows(StoreException.class, () -> snapshot.find(1L));
    assertEquals(ErrorCode.CLOSED, closed.code());
    assertEquals(ErrorCode.CLOSED, assertThrows(StoreException.class, store::snapshot).code());
  }
}
