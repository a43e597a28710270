package org.ouroborosdb.calcite.function;

import org.apache.calcite.DataContext;
import org.apache.calcite.util.ImmutableIntList;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.AsOf;
import org.ouroborosdb.calcite.scan.EventTable;
import org.ouroborosdb.calcite.scan.ScanRunner;
import org.ouroborosdb.calcite.scan.ScannedSchema;

/** Gives generated code the scans behind table functions. */
public final class TreeFunctionCalls {
  private TreeFunctionCalls() {}

  /**
   * Returns the scan of a function.
   *
   * @param path how its rows are found; {@code BY_ID} is that of {@code history}
   * @param moment what the moment is whose state it reads; null for the statement's own
   */
  public static ScanRunner of(DataContext root, String path, @Nullable String moment) {
    AccessPath.Kind kind = AccessPath.Kind.valueOf(path);
    ScannedSchema schema = ContentFunctions.anySchemaOf(root);
    EventTable table = kind == AccessPath.Kind.BY_ID ? schema.history() : schema.events();
    return new ScanRunner(
        table,
        kind,
        ImmutableIntList.identity(table.info().columns().size()),
        moment == null ? null : AsOf.Kind.valueOf(moment));
  }
}
