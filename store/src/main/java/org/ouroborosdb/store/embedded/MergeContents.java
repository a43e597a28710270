package org.ouroborosdb.store.embedded;

import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.Map;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.identity.Utf8;
import org.ouroborosdb.store.patch.PatchedContent;

/**
 * What another store's events say, read before they are taken: PATCHes are applied, metadata is
 * text. For one thread.
 */
final class MergeContents {
  private final MergePlan plan;
  private final Snapshot newest;
  private final Runnable check;

  /**
   * Prepares to read.
   *
   * @param plan says which events are new; their chunks are here
   * @param newest the state of the plan
   * @param check called often; may throw
   */
  MergeContents(MergePlan plan, Snapshot newest, Runnable check) {
    this.plan = plan;
    this.newest = newest;
    this.check = check;
  }

  /** Returns whether anything of an event is read before it is taken. */
  static boolean isRead(Event event) {
    return event.type() == EventType.PATCH || event.metadata() != null;
  }

  /**
   * Reads metadata, and applies the PATCHes.
   *
   * @return the lengths that the PATCHes make
   * @throws StoreException {@link org.ouroborosdb.store.ErrorCode#PEER_INVALID} if one does not
   *     apply, or metadata is no UTF-8
   */
  Map<EventId, Long> read() {
    Map<EventId, Long> lengths = new HashMap<>();
    for (PendingEvent event : plan.added()) {
      check.run();
      StoredContent metadata = event.metadata();
      if (metadata != null) {
        requireText(metadata);
      }
      if (event.type() == EventType.PATCH) {
        lengths.put(event.id(), length(event));
      }
    }
    return lengths;
  }

  private void requireText(StoredContent metadata) {
    try {
      Utf8.decode(newest.open(metadata).readAll(Limits.MAX_METADATA_BYTES));
    } catch (CharacterCodingException e) {
      throw MergeRules.broken("metadata is text in UTF-8", e);
    }
  }

  private long length(PendingEvent patch) {
    try {
      Content content = PatchedContent.open(patch, plan::find, newest::open);
      if (Guard.DELTA_CHECK.isOn()) {
        PatchedContent.verify(content, check);
      }
      return content.length();
    } catch (StoreException e) {
      if (!PatchedContent.isBadDelta(e)) {
        throw e; // of the bytes it is made of: its own were compared as they came
      }
      throw MergeRules.broken("a PATCH does not apply: " + e.getMessage(), e);
    }
  }
}
