package org.ouroborosdb.store.embedded;

import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoreException;

/** The rules of the data model that need nothing but the event, its parent and its merges. */
final class EventRules {
  private EventRules() {}

  /** Checks what can be said of a draft alone. */
  static void checkAlone(NewEvent draft) {
    if (draft.type() == EventType.ROOT) {
      require(draft.parent() == null, "a ROOT has no parent");
      String title = draft.title();
      if (title == null || title.isEmpty()) {
        throw new StoreException(ErrorCode.MISSING_VALUE, "a ROOT needs a title");
      }
    } else if (draft.parent() == null) {
      throw new StoreException(
          ErrorCode.MISSING_VALUE, "an event of type " + draft.type() + " needs a parent");
    }
    require(draft.type().isVersion() || draft.merges().isEmpty(), "only a version merges others");
    require(draft.expiresAt() == null || draft.temporary(), "only a temporary event expires");
    require(draft.type() != EventType.REMOVE || draft.content() == null, "a REMOVE has no content");
  }

  /** Checks a draft against its parent and returns its place. */
  static Place placeUnder(NewEvent draft, EventRow parent) {
    return placeUnder(draft.type(), draft.temporary(), parent);
  }

  /** Checks an event's type and permanence against its parent and returns its place. */
  static Place placeUnder(EventType type, boolean temporary, EventRow parent) {
    boolean version = type.isVersion();
    require(
        version || parent.type().isBase(),
        "a NORMAL event hangs under a ROOT or NORMAL event, not under a version ("
            + parent.type()
            + ")");
    require(
        temporary || !parent.temporary(),
        "an event that is not temporary cannot have a temporary parent");
    int depth = parent.depth() + 1;
    if (depth > Limits.MAX_DEPTH) {
      throw new StoreException(
          ErrorCode.LIMIT_EXCEEDED, "a tree is at most " + Limits.MAX_DEPTH + " levels deep");
    }
    return new Place(
        parent.seq(), parent.rootSeq(), parent.root(), version ? parent.baseSeq() : 0, depth);
  }

  /** Checks an event to be merged: another version of the same base. */
  static void checkMerge(EventId id, @Nullable EventRow merged, long baseSeq) {
    if (merged == null) {
      throw new StoreException(
          ErrorCode.EVENT_NOT_FOUND, "the event to be merged does not exist: " + id);
    }
    require(
        merged.type().isVersion() && merged.baseSeq() == baseSeq,
        "only versions of the same base are merged; " + id + " is not one");
  }

  private static void require(boolean kept, String rule) {
    if (!kept) {
      throw new StoreException(ErrorCode.RULE_VIOLATED, rule);
    }
  }
}
