package org.ouroborosdb.store.promises;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.Transaction;

/** Writes at random into stores, and knows what must be left of it when they are merged. */
final class ReplicaWrites {
  private static final int LONG_BYTES = 3_000; // enough for a PATCH to be worth it
  private static final List<String> TITLES = List.of("a", "b", "c");

  private final Random random;
  private final Map<EventId, Written> written = new HashMap<>();
  private final Set<EventId> removed = new HashSet<>();

  private record Written(@Nullable EventId parent, boolean temporary) {}

  ReplicaWrites(Random random) {
    this.random = random;
  }

  /** Runs a transaction of a few changes. */
  void write(EventStore store) {
    Map<EventId, Written> appended = new HashMap<>();
    List<EventId> deleted = new ArrayList<>();
    try (Transaction transaction = store.begin()) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        change(store, transaction, appended, deleted);
      }
      transaction.commit();
      written.putAll(appended);
      removed.addAll(deleted);
    } catch (StoreException e) {
      if (e.code() != ErrorCode.ROOT_TITLE_TAKEN) {
        throw e;
      }
    }
  }

  private void change(
      EventStore store,
      Transaction transaction,
      Map<EventId, Written> appended,
      List<EventId> deleted) {
    Snapshot view = transaction.view();
    List<EventRow> rows = view.bySeq(1, Long.MAX_VALUE, false).stream().toList();
    EventRow row = rows.isEmpty() ? null : rows.get(random.nextInt(rows.size()));
    if (row != null && row.temporary() && random.nextInt(3) == 0) {
      transaction.deleteTemporary(List.of(row.id()));
      deleted.add(row.id());
      return;
    }
    NewEvent.Builder draft = draft(view, row);
    if (random.nextInt(3) == 0) {
      draft.metadata("{\"n\":" + random.nextInt(4) + "}");
    }
    boolean temporary = (row != null && row.temporary()) || random.nextInt(3) == 0;
    NewEvent plain = draft.build();
    temporary &= plain.type() != EventType.ROOT || random.nextInt(4) == 0;
    if (temporary) {
      draft.temporary(null);
    }
    boolean patch = plain.newContent() != null;
    if (!patch && plain.type() != EventType.REMOVE && random.nextBoolean()) {
      byte[] content = new byte[random.nextInt(8) == 0 ? LONG_BYTES : random.nextInt(200)];
      new Random(random.nextInt(4)).nextBytes(content); // often what is there already
      draft.content(store.put(content));
    }
    EventId id = transaction.append(draft.build());
    appended.put(id, new Written(plain.parent(), temporary));
  }

  private NewEvent.Builder draft(Snapshot view, @Nullable EventRow row) {
    if (row == null || random.nextInt(6) == 0) {
      return NewEvent.root(TITLES.get(random.nextInt(TITLES.size())));
    }
    if (row.type().isBase() && random.nextBoolean()) {
      return NewEvent.child(row.id()).title("t" + random.nextInt(4));
    }
    List<EventId> heads =
        view.heads(row.baseSeq()).stream()
            .filter(head -> head.type().isVersion() && head.seq() != row.seq())
            .map(EventRow::id)
            .toList();
    long length = row.contentLength();
    if (length >= LONG_BYTES && random.nextInt(4) != 0) {
      byte[] content = view.content(row).orElseThrow().readAll(LONG_BYTES);
      content[random.nextInt(LONG_BYTES)]++;
      return NewEvent.patch(row.id(), new ByteArrayInputStream(content));
    }
    NewEvent.Builder version =
        random.nextInt(4) == 0 ? NewEvent.remove(row.id()) : NewEvent.overwrite(row.id());
    return random.nextBoolean() ? version.merges(heads) : version;
  }

  /** Returns the ids of the events that no removal covers. */
  Set<EventId> left() {
    Set<EventId> left = new TreeSet<>();
    for (EventId id : written.keySet()) {
      if (!isCovered(id)) {
        left.add(id);
      }
    }
    return left;
  }

  private boolean isCovered(EventId id) {
    for (EventId at = id; at != null; ) {
      if (removed.contains(at)) {
        return true;
      }
      Written event = written.get(at);
      at = event == null ? null : event.parent();
    }
    return false;
  }

  /** Returns an event that can never be removed; null if there is none yet. */
  @Nullable EventId permanent() {
    List<EventId> permanent =
        written.entrySet().stream()
            .filter(event -> !event.getValue().temporary())
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    return permanent.isEmpty() ? null : permanent.get(random.nextInt(permanent.size()));
  }
}
