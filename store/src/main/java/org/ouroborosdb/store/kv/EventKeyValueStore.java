package org.ouroborosdb.store.kv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.Transaction;

/** The keys of an event store, a transaction for each call. Thread-safe. */
final class EventKeyValueStore implements KeyValueStore {
  private final EventStore store;

  EventKeyValueStore(EventStore store) {
    this.store = store;
  }

  @Override
  public Optional<KeyValue> get(String key) {
    try (Snapshot snapshot = store.snapshot()) {
      return Optional.ofNullable(KeySpace.current(snapshot, key))
          .map(row -> KeyValue.of(snapshot, key, row));
    }
  }

  @Override
  public byte @Nullable [] getBytes(String key, int maxBytes) {
    try (Snapshot snapshot = store.snapshot()) {
      EventRow row = KeySpace.current(snapshot, key);
      return row == null
          ? null
          : snapshot.content(row).map(content -> content.readAll(maxBytes)).orElse(null);
    }
  }

  @Override
  public EventId put(String key, @Nullable StoredContent content, @Nullable String metadata) {
    return repeated(view -> {}, transaction -> KeySpace.put(transaction, key, content, metadata));
  }

  @Override
  public EventId put(String key, byte[] bytes) {
    return put(key, store.put(bytes), null);
  }

  @Override
  public EventId putIf(
      String key,
      @Nullable EventId expected,
      @Nullable StoredContent content,
      @Nullable String metadata) {
    return repeated(
        view -> KeySpace.require(view, key, expected),
        transaction -> KeySpace.put(transaction, key, content, metadata));
  }

  @Override
  public boolean remove(String key) {
    return repeated(
            view -> {}, transaction -> Optional.ofNullable(KeySpace.remove(transaction, key)))
        .isPresent();
  }

  /** Runs a transaction, again if another came between, while a condition on its view holds. */
  private <T> T repeated(Consumer<Snapshot> condition, Function<Transaction, T> work) {
    while (true) {
      try (Transaction transaction = store.begin()) {
        condition.accept(transaction.view());
        T result = attempt(transaction, work);
        if (result != null) {
          return result;
        }
      }
    }
  }

  /** Returns null if another transaction came between. */
  private static <T> @Nullable T attempt(Transaction transaction, Function<Transaction, T> work) {
    try {
      T result = work.apply(transaction);
      transaction.commit();
      return result;
    } catch (StoreException e) {
      if (e.code() != ErrorCode.CONFLICT && e.code() != ErrorCode.ROOT_TITLE_TAKEN) {
        throw e;
      }
      return null;
    }
  }

  @Override
  public List<KeyValue> withPrefix(String prefix) {
    try (Snapshot snapshot = store.snapshot()) {
      TreeMap<String, KeyValue> found = new TreeMap<>();
      for (EventRow base : snapshot.titledFrom(prefix)) {
        String key = base.title();
        EventRow row =
            key != null && KeySpace.isKey(snapshot, base) ? KeySpace.current(snapshot, key) : null;
        if (key != null && row != null) {
          found.put(key, KeyValue.of(snapshot, key, row));
        }
      }
      return List.copyOf(found.values());
    }
  }

  @Override
  public List<KeyValue> history(String key) {
    try (Snapshot snapshot = store.snapshot()) {
      List<EventRow> rows = new ArrayList<>();
      for (EventRow base : KeySpace.bases(snapshot, key)) {
        snapshot.versions(base.seq()).forEach(rows::add);
      }
      rows.sort(Comparator.comparingLong(EventRow::level).thenComparing(EventRow::id));
      return rows.stream().map(row -> KeyValue.of(snapshot, key, row)).toList();
    }
  }
}
