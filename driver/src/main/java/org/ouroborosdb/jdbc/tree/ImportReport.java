package org.ouroborosdb.jdbc.tree;

import java.util.List;
import org.ouroborosdb.store.EventId;

/**
 * What an import did.
 *
 * @param root the root of the tree
 * @param added the files, directories and links that were new
 * @param changed those that got a new version
 * @param removed those that vanished
 * @param unchanged those that were left alone
 * @param bytesRead the bytes of content read
 * @param skipped each file that could not be taken, and why
 */
public record ImportReport(
    EventId root,
    long added,
    long changed,
    long removed,
    long unchanged,
    long bytesRead,
    List<String> skipped) {
  /** Copies the list. */
  public ImportReport {
    skipped = List.copyOf(skipped);
  }
}
