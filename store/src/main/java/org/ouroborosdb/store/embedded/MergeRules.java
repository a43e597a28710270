package org.ouroborosdb.store.embedded;

import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;

/**
 * The rules of the data model for an event that another store wrote. They ask only for the event
 * and its ancestors, so that every store decides alike, whatever came first; what an event merges
 * counts where it is a version of the same base, and else for nothing.
 */
final class MergeRules {
  /** Leaves 104 days of levels above it, so that no clock runs over. */
  private static final long MAX_LEVEL = Long.MAX_VALUE - (1L << 53);

  private MergeRules() {}

  /** Checks what can be said of an event alone. */
  static void checkAlone(Event event) {
    EventType type = event.type();
    require((type == EventType.ROOT) == (event.parent() == null), "only a ROOT has no parent");
    String title = event.title();
    require(type != EventType.ROOT || (title != null && !title.isEmpty()), "a ROOT needs a title");
    require(type.isVersion() || event.merges().isEmpty(), "only a version merges others");
    require(event.expiresAt() == null || event.temporary(), "only a temporary event expires");
    require(type != EventType.REMOVE || event.content() == null, "a REMOVE has no content");
    require(type != EventType.PATCH || event.content() != null, "a PATCH has a delta");
    require(event.level() <= MAX_LEVEL, "no clock goes as far as its level");
    StoredContent metadata = event.metadata();
    require(
        metadata == null || metadata.length() <= Limits.MAX_METADATA_BYTES,
        "its metadata is too long");
  }

  /** Returns the place of a root. */
  static Place place(Event root) {
    return new Place(0, 0, root.id(), 0, 0);
  }

  /** Checks an event against its parent and returns its place. */
  static Place place(Event event, EventRow parent) {
    require(event.level() > parent.level(), "its level is not above its parent's");
    try {
      return EventRules.placeUnder(event.type(), event.temporary(), parent);
    } catch (StoreException e) {
      throw broken(String.valueOf(e.getMessage()), e);
    }
  }

  /** Checks an event whose parent, or what was above that, is removed: only temporary ones are. */
  static void checkCovered(Event event) {
    require(event.temporary(), "an event that is not temporary cannot have a temporary parent");
  }

  private static void require(boolean kept, String rule) {
    if (!kept) {
      throw broken(rule, null);
    }
  }

  static StoreException broken(String rule, @Nullable Exception cause) {
    return new StoreException(
        ErrorCode.PEER_INVALID, "an event of the other store breaks a rule: " + rule, cause);
  }
}
