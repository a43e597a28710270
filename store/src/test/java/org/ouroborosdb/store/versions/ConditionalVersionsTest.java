package org.ouroborosdb.store.versions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Versions that replace heads only, and how several heads become one. */
class ConditionalVersionsTest {
  @TempDir Path directory;
  private EventStore store;
  private EventId base;

  @BeforeEach
  void open() {
    store = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("s")));
    EventId root = store.append(NewEvent.root("r").build());
    base = store.append(NewEvent.child(root).title("doc").metadata("first").build());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static void assertConflict(Executable call) {
    assertEquals(ErrorCode.CONFLICT, assertThrows(StoreException.class, call).code());
  }

  private static NewEvent over(EventId replaced, String metadata) {
    return NewEvent.overwrite(replaced).metadata(metadata).build();
  }

  @Test
  void of_two_transactions_that_replace_one_head_the_second_fails_and_leaves_nothing() {
    try (Transaction first = store.begin();
        Transaction second = store.begin()) {
      first.replace(over(base, "a"));
      second.replace(over(base, "b"));
      second.append(NewEvent.child(base).title("goes down with it").build());
      first.commit();
      assertConflict(second::commit);
    }
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(3, snapshot.eventCount());
      assertEquals(1, snapshot.heads(seq(snapshot, base)).count());
    }
  }

  @Test
  void what_is_no_head_any_more_is_not_replaced_and_the_transaction_stays_usable() {
    try (Transaction transaction = store.begin()) {
      EventId second = transaction.replace(over(base, "2"));
      EventId third = transaction.replace(over(second, "3"));
      assertConflict(() -> transaction.replace(over(second, "again")));
      EventRow winner = transaction.view().winner(seq(transaction.view(), base));
      assertEquals(third, Objects.requireNonNull(winner).id());
      transaction.commit();
    }
    try (Transaction transaction = store.begin()) {
      assertConflict(() -> transaction.replace(over(base, "late")));
      transaction.append(over(base, "a branch on purpose"));
      assertEquals(2, transaction.view().heads(seq(transaction.view(), base)).count());
      transaction.commit();
    }
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(2, snapshot.heads(seq(snapshot, base)).count());
    }
  }

  @Test
  void a_title_that_must_be_unique_under_its_parent_is_taken_once() {
    try (Transaction first = store.begin();
        Transaction second = store.begin()) {
      first.appendUnique(NewEvent.child(base).title("x").build());
      assertConflict(() -> first.appendUnique(NewEvent.child(base).title("x").build()));
      second.appendUnique(NewEvent.child(base).title("x").build());
      second.commit();
      assertConflict(first::commit);
    }
    assertConflict(
        () -> {
          try (Transaction third = store.begin()) {
            third.appendUnique(NewEvent.child(base).title("x").build());
          }
        });
  }

  @Test
  void heads_are_joined_by_the_winner_or_by_a_function() {
    EventId left = store.append(over(base, "left"));
    EventId right = store.append(over(base, "right"));
    assertEquals("right", joined(MergeFunction.WINNER));
    store.append(over(left, "more left"));
    String all =
        joined(
            (view, heads) -> {
              List<String> texts =
                  heads.stream().map(row -> view.metadata(row).orElseThrow()).toList();
              return VersionState.of(view, heads.get(0)).withMetadata(String.join("+", texts));
            });
    assertEquals("more left+right", all);
    try (Transaction transaction = store.begin()) {
      assertEquals(
          Optional.empty(), Conflicts.join(transaction, right, MergeFunction.WINNER), "one head");
    }
  }

  private String joined(MergeFunction function) {
    try (Transaction transaction = store.begin()) {
      assertTrue(Conflicts.join(transaction, base, function).isPresent());
      transaction.commit();
    }
    try (Snapshot snapshot = store.snapshot()) {
      List<EventRow> heads = snapshot.heads(seq(snapshot, base)).stream().toList();
      assertEquals(1, heads.size());
      return snapshot.metadata(heads.get(0)).orElseThrow();
    }
  }

  private static long seq(Snapshot snapshot, EventId id) {
    return Objects.requireNonNull(snapshot.find(id)).seq();
  }
}
