package org.ouroborosdb.store.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.versions.VersionState;

/**
 * The events that keys live in: each key is a NORMAL child, titled like it, of a root titled
 * {@value #ROOT_TITLE}; its values are that child and its versions. Stateless.
 *
 * <p>Merged stores may hold several such roots, and several children for one key: its current
 * version is the winner among all of them.
 */
public final class KeySpace {
  /** The title of the root under which keys are. */
  public static final String ROOT_TITLE = "kv";

  private KeySpace() {}

  /** Returns the events of a key, each a base; none if the key was never put. */
  public static List<EventRow> bases(Snapshot snapshot, String key) {
    List<EventRow> bases = new ArrayList<>();
    for (EventRow root : snapshot.roots(ROOT_TITLE)) {
      for (EventRow row : snapshot.titled(root.seq(), key)) {
        if (row.type() == EventType.NORMAL) {
          bases.add(row);
        }
      }
    }
    return bases;
  }

  /** Returns whether an event is the base of a key. */
  public static boolean isKey(Snapshot snapshot, EventRow row) {
    if (row.type() != EventType.NORMAL || row.depth() != 1 || row.title() == null) {
      return false;
    }
    EventRow root = snapshot.find(row.parentSeq());
    return root != null && ROOT_TITLE.equals(root.title());
  }

  /** Returns the newest version of a key, which may be a REMOVE; null if it was never put. */
  public static @Nullable EventRow newest(Snapshot snapshot, String key) {
    EventRow newest = null;
    for (EventRow base : bases(snapshot, key)) {
      EventRow winner = snapshot.winner(base.seq());
      if (winner != null && (newest == null || isAbove(winner, newest))) {
        newest = winner;
      }
    }
    return newest;
  }

  private static boolean isAbove(EventRow a, EventRow b) {
    return a.level() != b.level() ? a.level() > b.level() : a.id().compareTo(b.id()) > 0;
  }

  /** Returns the current version of a key; null if it has no value. */
  public static @Nullable EventRow current(Snapshot snapshot, String key) {
    EventRow newest = newest(snapshot, key);
    return newest == null || newest.type() == EventType.REMOVE ? null : newest;
  }

  /**
   * Gives a key a value. What another transaction put or removed meanwhile fails the commit with
   * {@link ErrorCode#CONFLICT}.
   *
   * @return the id of the version that holds the value
   */
  public static EventId put(
      Transaction transaction,
      String key,
      @Nullable StoredContent content,
      @Nullable String metadata) {
    if (key.isEmpty()) {
      throw new StoreException(ErrorCode.MISSING_VALUE, "a key has at least one character");
    }
    Snapshot view = transaction.view();
    EventRow newest = newest(view, key);
    if (newest == null) {
      return transaction.appendUnique(
          NewEvent.child(root(transaction)).title(key).content(content).metadata(metadata).build());
    }
    VersionState state = new VersionState(false, null, null, List.of(), metadata, content, false);
    return transaction.replace(state.replacing(heads(view, newest)));
  }

  /**
   * Ends a key's value; its history stays.
   *
   * @return the id of the REMOVE; null if the key has no value
   */
  public static @Nullable EventId remove(Transaction transaction, String key) {
    EventRow current = current(transaction.view(), key);
    return current == null
        ? null
        : transaction.replace(VersionState.REMOVED.replacing(heads(transaction.view(), current)));
  }

  /**
   * Checks that a key's current version is the one expected.
   *
   * @param expected the version; null if the key must have no value
   * @throws StoreException {@link ErrorCode#CONFLICT} if it is another
   */
  public static void require(Snapshot view, String key, @Nullable EventId expected) {
    EventRow current = current(view, key);
    if (!Objects.equals(current == null ? null : current.id(), expected)) {
      throw new StoreException(
          ErrorCode.CONFLICT, "the key's current version is another; read again and repeat");
    }
  }

  /** A put replaces all heads: what went apart is one again. */
  private static List<EventRow> heads(Snapshot view, EventRow version) {
    return view.heads(version.baseSeq()).stream().toList();
  }

  private static EventId root(Transaction transaction) {
    EventRow root = transaction.view().roots(ROOT_TITLE).first().orElse(null);
    return root == null ? transaction.append(NewEvent.root(ROOT_TITLE).build()) : root.id();
  }
}
