package org.ouroborosdb.store.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;

/** What must hold of the newest state for an event to be appended, and again when committed. */
enum Condition {
  /** Nothing. */
  NONE,
  /** All that the version replaces are heads. */
  HEADS,
  /** The event's parent has no other NORMAL event of its title. */
  UNIQUE_TITLE;

  /**
   * Checks an event against committed state and its own transaction's changes.
   *
   * @throws StoreException {@link ErrorCode#CONFLICT} if the condition does not hold
   */
  void check(Snapshot committed, Changes changes, EventRow event) {
    if (this == HEADS) {
      checkHeads(committed, changes, event);
    } else if (this == UNIQUE_TITLE) {
      checkTitle(committed, changes, event);
    }
  }

  private static void checkHeads(Snapshot committed, Changes changes, EventRow version) {
    List<EventId> replaced = new ArrayList<>(version.merges());
    replaced.add(Objects.requireNonNull(version.parent()));
    List<EventRow> own = changes.replacing(version.baseSeq(), version.seq());
    List<EventRow> heads =
        version.baseSeq() < EventRow.FIRST_PENDING_SEQ
            ? committed.heads(version.baseSeq()).stream().toList()
            : List.of();
    for (EventId id : replaced) {
      boolean head = changes.find(id) != null || heads.stream().anyMatch(h -> h.id().equals(id));
      if (!head || own.stream().anyMatch(other -> replaces(other, id))) {
        throw conflict("the version " + id + " was replaced by another meanwhile");
      }
    }
  }

  /** Returns whether a version replaces another, as its parent or by merging it. */
  static boolean replaces(EventRow version, EventId id) {
    return Objects.equals(id, version.parent()) || version.merges().contains(id);
  }

  private static void checkTitle(Snapshot committed, Changes changes, EventRow event) {
    String title = String.valueOf(event.title());
    boolean taken =
        (event.parentSeq() < EventRow.FIRST_PENDING_SEQ
                && committed.titled(event.parentSeq(), title).stream()
                    .anyMatch(row -> isOther(row, event, changes)))
            || !changes
                .below(
                    event.parentSeq(),
                    row -> title.equals(row.title()) && isOther(row, event, changes),
                    java.util.Comparator.comparingLong(EventRow::seq))
                .isEmpty();
    if (taken) {
      throw conflict("another event took the title under its parent meanwhile");
    }
  }

  private static boolean isOther(EventRow row, EventRow event, Changes changes) {
    return row.type() == EventType.NORMAL
        && row.seq() < event.seq()
        && !changes.isRemoved(row.seq());
  }

  private static StoreException conflict(String what) {
    return new StoreException(ErrorCode.CONFLICT, what + "; read again and repeat");
  }
}
