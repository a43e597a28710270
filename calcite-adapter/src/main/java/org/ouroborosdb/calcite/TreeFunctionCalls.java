package org.ouroborosdb.calcite;

import org.apache.calcite.DataContext;
import org.apache.calcite.util.ImmutableIntList;

/** Gives generated code the scans behind table functions. */
public final class TreeFunctionCalls {
  private TreeFunctionCalls() {}

  /** Returns the scan of a subtree. */
  public static ScanRunner subtree(DataContext root) {
    return runner(root, AccessPath.Kind.SUBTREE);
  }

  /** Returns the scan of ancestors. */
  public static ScanRunner ancestors(DataContext root) {
    return runner(root, AccessPath.Kind.ANCESTORS);
  }

  /** Returns the scan of events that have every one of some tags. */
  public static ScanRunner tagged(DataContext root) {
    return runner(root, AccessPath.Kind.WITH_TAGS);
  }

  /** Returns the scan of the versions of an event. */
  public static ScanRunner history(DataContext root) {
    return runner(EventSchema.anyOf(root).history(), AccessPath.Kind.BY_ID);
  }

  private static ScanRunner runner(DataContext root, AccessPath.Kind kind) {
    return runner(EventSchema.anyOf(root).events(), kind);
  }

  private static ScanRunner runner(EventTable events, AccessPath.Kind kind) {
    int columns = events.info().columns().size();
    return new ScanRunner(events, kind, ImmutableIntList.identity(columns));
  }
}
