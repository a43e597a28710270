package org.ouroborosdb.store.embedded;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;

/** What a transaction did so far, in order. For one thread. */
final class Changes {
  /** A boxed number in a list and in a hash table. */
  private static final long BYTES_PER_REMOVAL = 80;

  private final List<Change> all = new ArrayList<>();
  private final Map<EventId, PendingEvent> events = new HashMap<>();
  private final Map<Long, PendingEvent> bySeq = new HashMap<>();
  private final Map<String, List<PendingEvent>> roots = new HashMap<>();
  private final Map<Long, List<PendingEvent>> byParent = new HashMap<>();
  private final Set<Long> removed = new HashSet<>();
  private int appendedCount;
  private long bytes;

  /** One change: an event appended, or an event removed with those below it. */
  sealed interface Change permits Appended, Removed {}

  /** An event, and what must still hold when it is committed. */
  record Appended(PendingEvent event, Condition condition) implements Change {}

  /** {@code seqs} are those that this removal removed, the target's first. */
  record Removed(EventId target, List<Long> seqs) implements Change {}

  boolean isEmpty() {
    return all.isEmpty();
  }

  List<Change> all() {
    return all;
  }

  int size() {
    return all.size();
  }

  /** Returns the bytes that the buffered records take, roughly. */
  long bytes() {
    return bytes;
  }

  long nextSeq() {
    return EventRow.FIRST_PENDING_SEQ + all.size();
  }

  /** Returns whether a change rests on a condition on the newest state. */
  boolean isConditional() {
    for (Change each : all) {
      if (each instanceof Appended appended && appended.condition() != Condition.NONE) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether the transaction removed anything. */
  boolean hasRemovals() {
    return !removed.isEmpty();
  }

  void add(PendingEvent event, Condition condition) {
    all.add(new Appended(event, condition));
    events.put(event.id(), event);
    bySeq.put(event.seq(), event);
    byParent.computeIfAbsent(event.parentSeq(), seq -> new ArrayList<>()).add(event);
    if (event.type() == EventType.ROOT) {
      roots
          .computeIfAbsent(Objects.requireNonNull(event.title()), title -> new ArrayList<>())
          .add(event);
    }
    appendedCount++;
    bytes += event.record().length;
  }

  void addRemoval(EventId target, List<Long> seqs) {
    all.add(new Removed(target, seqs));
    removed.addAll(seqs);
    bytes += BYTES_PER_REMOVAL * seqs.size();
  }

  void cutTo(int size) {
    while (all.size() > size) {
      Change last = all.remove(all.size() - 1);
      if (last instanceof Appended appended) {
        PendingEvent event = appended.event();
        events.remove(event.id());
        bySeq.remove(event.seq());
        removeLast(byParent, event.parentSeq());
        if (event.type() == EventType.ROOT) {
          removeLast(roots, Objects.requireNonNull(event.title()));
        }
        appendedCount--;
        bytes -= event.record().length;
      } else {
        Removed removal = (Removed) last;
        removal.seqs().forEach(removed::remove);
        bytes -= BYTES_PER_REMOVAL * removal.seqs().size();
      }
    }
  }

  private static <K> void removeLast(Map<K, List<PendingEvent>> map, K key) {
    List<PendingEvent> events = Objects.requireNonNull(map.get(key));
    events.remove(events.size() - 1);
    if (events.isEmpty()) {
      map.remove(key);
    }
  }

  @Nullable PendingEvent find(EventId id) {
    return events.get(id);
  }

  @Nullable PendingEvent find(long seq) {
    return bySeq.get(seq);
  }

  /** Returns whether the transaction has a root of this title that it did not remove again. */
  boolean hasRoot(String title) {
    return roots.getOrDefault(title, List.of()).stream().anyMatch(root -> !isRemoved(root.seq()));
  }

  boolean isRemoved(long seq) {
    return !removed.isEmpty() && removed.contains(seq);
  }

  /** Returns how many more rows the transaction sees than its snapshot. */
  long countDifference() {
    return (long) appendedCount - removed.size();
  }

  /** Returns the events of a parent that match, in order. */
  List<EventRow> below(long parentSeq, Predicate<EventRow> matches, Comparator<EventRow> order) {
    List<EventRow> found = new ArrayList<>();
    for (PendingEvent event : byParent.getOrDefault(parentSeq, List.of())) {
      if (!isRemoved(event.seq()) && matches.test(event)) {
        found.add(event);
      }
    }
    found.sort(order);
    return found;
  }

  /** Returns the versions of a base that this transaction appended before a number. */
  List<EventRow> replacing(long baseSeq, long beforeSeq) {
    return matching(
        row -> row.baseSeq() == baseSeq && row.type().isVersion() && row.seq() < beforeSeq,
        Comparator.comparingLong(EventRow::seq));
  }

  List<EventRow> matching(Predicate<EventRow> matches, Comparator<EventRow> order) {
    List<EventRow> found = new ArrayList<>();
    for (Change change : all) {
      if (change instanceof Appended appended
          && !isRemoved(appended.event().seq())
          && matches.test(appended.event())) {
        found.add(appended.event());
      }
    }
    found.sort(order);
    return found;
  }
}
