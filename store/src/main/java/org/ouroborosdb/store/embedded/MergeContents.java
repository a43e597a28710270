package org.ouroborosdb.store.embedded;

import java.util.HashMap;
import java.util.Map;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.patch.PatchedContent;

/** The PATCHes that another store wrote: applied before they are taken. */
final class MergePatches {
  private MergePatches() {}

  /**
   * Applies the PATCHes among the new events, whose chunks are here.
   *
   * @param newest the state of the plan
   * @return the lengths that they make
   * @throws StoreException {@link org.ouroborosdb.store.ErrorCode#PEER_INVALID} if one does not
   *     apply
   */
  static Map<EventId, Long> apply(MergePlan plan, Snapshot newest) {
    Map<EventId, Long> lengths = new HashMap<>();
    for (PendingEvent event : plan.added()) {
      if (event.type() == EventType.PATCH) {
        lengths.put(event.id(), length(event, plan, newest));
      }
    }
    return lengths;
  }

  private static long length(PendingEvent patch, MergePlan plan, Snapshot newest) {
    try {
      Content content = PatchedContent.open(patch, plan::find, newest::open);
      if (Guard.DELTA_CHECK.isOn()) {
        PatchedContent.verify(content);
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
