package org.ouroborosdb.sql.procedure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.calcite.sql.type.SqlTypeName;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.replication.Replicator;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;
import org.ouroborosdb.store.replication.Replicator.SyncReport;
import org.ouroborosdb.store.replication.Replicator.SyncResult;

/**
 * {@code CALL sync(path [, seconds])}: merges the database with another of this machine, which
 * nobody else has open, so that both show the same. Two rows: what each got.
 */
final class SyncProcedure implements Procedure {
  @Override
  public String name() {
    return "sync";
  }

  @Override
  public String remarks() {
    return "Merges the database with another, so that both show the same";
  }

  @Override
  public List<Argument> arguments() {
    return List.of(
        new Argument("path", SqlTypeName.VARCHAR, true),
        new Argument("seconds", SqlTypeName.BIGINT, false));
  }

  @Override
  public List<Column> columns() {
    return List.of(
        new Column("direction", SqlTypeName.VARCHAR),
        new Column("events", SqlTypeName.BIGINT),
        new Column("removals", SqlTypeName.BIGINT),
        new Column("chunks", SqlTypeName.BIGINT),
        new Column("bytes", SqlTypeName.BIGINT),
        new Column("complete", SqlTypeName.BOOLEAN),
        new Column("equal", SqlTypeName.BOOLEAN));
  }

  @Override
  public Outcome run(Invocation invocation) {
    Path path = path(String.valueOf(invocation.text(0)));
    long seconds = invocation.number(1, -1);
    if (seconds < 0 && invocation.arguments().get(1) != null) {
      throw new SqlException(SqlState.OUT_OF_RANGE, "sync takes no seconds below 0", null);
    }
    SyncOptions options =
        new SyncOptions(
            seconds < 0 ? null : Duration.ofSeconds(seconds),
            invocation.cancellation(),
            invocation.progress());
    SyncResult result;
    try (EventStore other = EmbeddedEventStore.open(StoreOptions.at(path).withCreate(false))) {
      String name = "store " + invocation.store().id();
      result = Replicator.of(invocation.store()).sync(other, path.toString(), name, options);
    }
    return Outcome.rows(
        List.of(
            row("received", result.received(), result.equal()),
            row("sent", result.sent(), result.equal())));
  }

  private static Path path(String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new SqlException(SqlState.BAD_CAST, "sync takes the path of a database", e);
    }
  }

  private static Object[] row(String direction, SyncReport report, boolean equal) {
    return new Object[] {
      direction,
      report.events(),
      report.tombstones(),
      report.chunks(),
      report.bytes(),
      report.complete(),
      equal
    };
  }
}
