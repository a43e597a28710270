package org.ouroborosdb.sql.run;

import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.schema.SchemaPlus;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.sql.catalog.SqlCatalog;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Snapshot;

/**
 * What a running statement can ask for: its snapshot, parameters, clock, cancel handle and budget.
 */
public final class RunContext implements DataContext {
  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

  private final SqlCatalog catalog;
  private final Snapshot snapshot;
  private final @Nullable Object[] parameters;
  private final MemoryBudget budget;
  private final int maxInlineContent;
  private final AtomicBoolean cancelFlag = new AtomicBoolean();
  private final long nowMillis = System.currentTimeMillis();
  private Map<String, Object> planValues = Map.of();
  private @Nullable SchemaPlus ownRoot;

  public RunContext(
      SqlCatalog catalog,
      Snapshot snapshot,
      @Nullable Object[] parameters,
      MemoryBudget budget,
      int maxInlineContent) {
    this.catalog = catalog;
    this.snapshot = snapshot;
    this.parameters = parameters;
    this.budget = budget;
    this.maxInlineContent = maxInlineContent;
  }

  /** Gives the plan a root schema of its own: WITH RECURSIVE puts its work tables there. */
  public RunContext withOwnRoot() {
    ownRoot = catalog.newRoot().plus();
    return this;
  }

  /** Gives the values that a generated plan refers to by name. */
  RunContext with(Map<String, Object> values) {
    planValues = values;
    return this;
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  public Cancellation cancellation() {
    return budget.cancellation();
  }

  @Override
  public SchemaPlus getRootSchema() {
    SchemaPlus schema = ownRoot;
    if (schema == null) {
      schema = catalog.root().plus();
    }
    return schema;
  }

  @Override
  public JavaTypeFactory getTypeFactory() {
    return catalog.typeFactory();
  }

  @Override
  public @Nullable QueryProvider getQueryProvider() {
    return null;
  }

  @Override
  public @Nullable Object get(String name) {
    if (name.startsWith("?")) {
      return parameters[Integer.parseInt(name.substring(1))];
    }
    return switch (name) {
      case ScanContext.SNAPSHOT -> snapshot;
      case ScanContext.CANCELLATION -> budget.cancellation();
      case ScanContext.INLINE_CONTENT -> maxInlineContent;
      case MemoryBudget.VARIABLE -> budget;
      case "utcTimestamp", "currentTimestamp", "localTimestamp", "sysTimestamp" -> nowMillis;
      case "timeZone" -> UTC;
      case "cancelFlag" -> cancelFlag;
      case "user", "systemUser" -> "ouroboros";
      case "locale" -> java.util.Locale.ROOT;
      default -> planValues.get(name);
    };
  }
}
