package org.ouroborosdb.calcite.scan;

import org.apache.calcite.DataContext;
import org.apache.calcite.plan.RelOptPlanner;
import org.ouroborosdb.store.Snapshot;

/** The schema of a table, as far as its scans and functions ask something of it. Thread-safe. */
public interface ScannedSchema {
  /** Returns the table of all events. */
  EventTable events();

  /** Returns the table whose rows {@code history(id)} gives. */
  EventTable history();

  /** Returns the snapshot of a statement that no engine runs; the same for all its scans. */
  Snapshot snapshotOf(DataContext root);

  /** Brings the adapter's rules into a planner that was not told of them. */
  void register(RelOptPlanner planner);
}
