package org.ouroborosdb.store.versions;

import java.util.List;
import java.util.Optional;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.Transaction;

/** Joins heads that went apart. Stateless. */
public final class Conflicts {
  private Conflicts() {}

  /**
   * Appends one version that replaces all heads of a base, if there are several.
   *
   * @param base the base, or any version of it
   * @param function decides what the version says
   * @return the version's id; empty if there was one head only
   * @throws StoreException {@link ErrorCode#EVENT_NOT_FOUND} if the base does not exist, {@link
   *     ErrorCode#CONFLICT}, now or at the commit, if a head was replaced meanwhile
   */
  public static Optional<EventId> join(
      Transaction transaction, EventId base, MergeFunction function) {
    EventRow row = transaction.view().find(base);
    if (row == null) {
      throw new StoreException(ErrorCode.EVENT_NOT_FOUND, "the event does not exist: " + base);
    }
    List<EventRow> heads = transaction.view().heads(row.baseSeq()).stream().toList();
    if (heads.size() < 2) {
      return Optional.empty();
    }
    VersionState joined = function.merge(transaction.view(), heads);
    return Optional.of(transaction.replace(joined.replacing(heads)));
  }
}
