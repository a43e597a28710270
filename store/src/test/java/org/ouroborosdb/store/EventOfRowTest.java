package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** A snapshot reads the event of a row exactly if it shows it, wherever the row came from. */
class EventOfRowTest {
  @TempDir Path directory;
  private EventId root = EventId.of(new byte[EventId.BYTES]);
  private EventId temporary = root;

  @BeforeEach
  void fill() {
    try (EventStore store = open("one")) {
      root = store.append(NewEvent.root("root").build());
      temporary = store.append(NewEvent.child(root).title("gone").temporary(null).build());
    }
  }

  private EventStore open(String name) {
    return EmbeddedEventStore.open(StoreOptions.at(directory.resolve(name)));
  }

  private static EventRow row(Snapshot snapshot, EventId id) {
    return Objects.requireNonNull(snapshot.find(id));
  }

  private static void delete(EventStore store, EventId id) {
    try (Transaction transaction = store.begin()) {
      transaction.deleteTemporary(List.of(id));
      transaction.commit();
    }
  }

  @Test
  void rows_of_scans_give_the_events_of_their_ids_again_and_again() {
    try (EventStore store = open("one");
        Snapshot snapshot = store.snapshot()) {
      for (int i = 0; i < 2; i++) {
        for (EventRow each : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
          assertEquals(each.id(), snapshot.event(each).orElseThrow().id());
        }
      }
    }
  }

  @Test
  void a_row_that_was_removed_since_has_no_event_in_newer_snapshots() {
    try (EventStore store = open("one")) {
      EventRow gone;
      try (Snapshot before = store.snapshot()) {
        gone = row(before, temporary);
        delete(store, temporary);
        try (Snapshot hidden = store.snapshot()) {
          assertTrue(hidden.event(gone).isEmpty());
        }
        assertEquals("gone", before.event(gone).orElseThrow().title());
      }
      store.append(NewEvent.child(root).build()); // takes it out of the index
      try (Snapshot after = store.snapshot()) {
        assertTrue(after.event(gone).isEmpty());
        assertEquals("root", after.event(row(after, root)).orElseThrow().title());
      }
    }
  }

  @Test
  void a_row_of_a_later_state_has_no_event_in_an_earlier_one() {
    try (EventStore store = open("one")) {
      EventId later = store.append(NewEvent.child(root).title("later").build());
      try (Snapshot now = store.snapshot();
          Snapshot past = now.asOfSeq(row(now, temporary).seq())) {
        assertTrue(past.event(row(now, later)).isEmpty());
        assertEquals("gone", past.event(row(now, temporary)).orElseThrow().title());
      }
    }
  }

  @Test
  void a_transaction_has_its_own_rows_and_lacks_what_it_removed() {
    try (EventStore store = open("one");
        Transaction transaction = store.begin()) {
      EventRow gone = row(transaction.view(), temporary);
      EventId own = transaction.append(NewEvent.child(root).title("own").build());
      EventRow pending = row(transaction.view(), own);
      transaction.deleteTemporary(List.of(temporary));
      assertEquals("own", transaction.view().event(pending).orElseThrow().title());
      assertTrue(transaction.view().event(gone).isEmpty());
      try (Snapshot outside = store.snapshot()) {
        assertTrue(outside.event(pending).isEmpty());
      }
    }
  }

  @Test
  void a_row_of_another_store_gives_no_event_of_this_one() {
    try (EventStore store = open("one");
        EventStore other = open("two")) {
      other.append(NewEvent.root("other").build());
      try (Snapshot here = store.snapshot();
          Snapshot there = other.snapshot()) {
        EventRow foreign = Objects.requireNonNull(there.roots("other").first().orElse(null));
        assertTrue(here.event(foreign).isEmpty());
      }
    }
  }

  @Test
  void rows_outlive_a_rebuild_of_the_index() {
    try (EventStore store = open("one");
        Snapshot before = store.snapshot()) {
      EventRow old = row(before, root);
      store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      try (Snapshot after = store.snapshot()) {
        assertEquals("root", after.event(old).orElseThrow().title());
      }
    }
  }
}
