package org.ouroborosdb.store.embedded;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;

/** What a transaction did so far, in order. For one thread. */
final class Changes {
  private final List<Change> all = new ArrayList<>();
  private final Map<EventId, PendingEvent> events = new HashMap<>();
  private final Map<Long, PendingEvent> bySeq = new HashMap<>();
  private final Map<String, PendingEvent> roots = new HashMap<>();
  private final Set<Long> removed = new HashSet<>();
  private long bytes;

  /** One change: an event appended, or an event removed with those below it. */
  sealed interface Change permits Appended, Removed {}

  record Appended(PendingEvent event) implements Change {}

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

  void add(PendingEvent event) {
    all.add(new Appended(event));
    events.put(event.id(), event);
    bySeq.put(event.seq(), event);
    if (event.type() == EventType.ROOT && event.title() != null) {
      roots.put(event.title(), event);
    }
    bytes += event.record().length;
  }

  void addRemoval(EventId target, List<Long> seqs) {
    all.add(new Removed(target, seqs));
    removed.addAll(seqs);
  }

  void cutTo(int size) {
    while (all.size() > size) {
      Change last = all.remove(all.size() - 1);
      if (last instanceof Appended appended) {
        PendingEvent event = appended.event();
        events.remove(event.id());
        bySeq.remove(event.seq());
        if (event.type() == EventType.ROOT && event.title() != null) {
          roots.remove(event.title());
        }
        bytes -= event.record().length;
      } else if (last instanceof Removed removal) {
        removal.seqs().forEach(removed::remove);
      }
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
    PendingEvent root = roots.get(title);
    return root != null && !isRemoved(root.seq());
  }

  boolean isRemoved(long seq) {
    return !removed.isEmpty() && removed.contains(seq);
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
