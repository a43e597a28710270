package org.ouroborosdb.store.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Statistics;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.embedded.StoreFiles;
import org.ouroborosdb.store.segment.IoFailures;
import org.ouroborosdb.store.segment.LogCopy;
import org.ouroborosdb.store.segment.LogRepair;
import org.ouroborosdb.store.segment.Position;

/**
 * Backups, which are stores: they can be opened, verified, and read with SQL. Stateless.
 *
 * <p>A backup has the log of its database up to some commit, and an index and ids of its own. Only
 * whole, checked segments get their names in it, so a call that is killed leaves the backup before
 * it or a longer one, and the next call goes on from there.
 */
public final class StoreBackup {
  private StoreBackup() {}

  /**
   * Brings a backup up to date with a database that may be open, here or in another process. A
   * sealed segment is copied once; the last one is written anew.
   *
   * @param database the database: its path, and its index path if it has one
   * @param directory the backup: absent, empty, or an earlier backup of this database, and outside
   *     of it
   * @param cancellation stops the call; what is copied by then serves the next
   * @param progress is told bytes copied or found there, of all bytes
   * @throws StoreException {@link ErrorCode#CONFLICT} if the directory holds anything else, {@link
   *     ErrorCode#CORRUPT} if a segment that was to be copied is damaged, {@link ErrorCode#LOCKED}
   *     if the backup is open for writing, or what the disk says
   */
  public static BackupReport backup(
      StoreOptions database, Path directory, Cancellation cancellation, ProgressListener progress) {
    StoreOptions backup = StoreOptions.at(directory).withProfile(database.profile());
    return copy(database, backup, true, cancellation, progress);
  }

  /**
   * Makes a database of a backup, under ids of its own. Until it is whole it is no database; called
   * again after it was killed, it goes on.
   *
   * @param backup a backup, or any other database
   * @param database where to make it: absent, or empty, and outside of the backup
   * @param cancellation stops the call; what is copied by then serves the next
   * @param progress is told bytes copied or found there, of all bytes
   * @throws StoreException {@link ErrorCode#CONFLICT} if there is anything already, and as {@link
   *     #backup}
   */
  public static BackupReport restore(
      Path backup, StoreOptions database, Cancellation cancellation, ProgressListener progress) {
    return copy(StoreOptions.at(backup), database, false, cancellation, progress);
  }

  /**
   * Puts records that a database has lost to damage or truncation, segments that are missing, and a
   * lost {@code FORMAT} back in their places, from a copy of the same log: a backup, or what was
   * restored of one. Every record is checked before it is written. What is sound is not touched,
   * and what the copy cannot give stays as it is and is reported. Where the two have another
   * rewriting of a segment, events are found by their numbers and chunks by their hashes.
   *
   * @param database the database, which nobody may have open
   * @param other the copy, which may be open
   * @param cancellation stops the call between segments; those that are mended stay so
   * @param progress is told bytes of segments looked at, of all
   * @throws StoreException {@link ErrorCode#CONFLICT} if the other is no copy of this database, or
   *     its directory holds other things and nothing of a database, {@link ErrorCode#LOCKED} if the
   *     database is open, or what the disk says
   */
  public static RepairReport repair(
      StoreOptions database, Path other, Cancellation cancellation, ProgressListener progress) {
    LogRepair.Result repaired;
    try (StoreFiles from = StoreFiles.reading(StoreOptions.at(other));
        StoreFiles to = mending(from, database)) {
      if (!to.hasFormat()) {
        to.become(from);
      }
      WriterId id = to.logId();
      if (id == null || !id.equals(from.logId())) {
        throw new StoreException(
            ErrorCode.CONFLICT, other + " is no copy of this database, and cannot mend it");
      }
      repaired =
          new LogRepair(
                  to.disk(),
                  from.disk(),
                  id,
                  to.knownEnd(),
                  to.knownSeq(),
                  new SoundRecords(),
                  to::forgetIndex,
                  cancellation,
                  progress)
              .run();
    } catch (IOException e) {
      throw IoFailures.translate("repairing the database", e);
    }
    if (repaired.left().isEmpty()) {
      EmbeddedEventStore.open(database.withCreate(false)).close(); // replays what came back
    }
    return new RepairReport(
        repaired.segments(), repaired.records(), repaired.bytes(), repaired.left());
  }

  private static StoreFiles mending(StoreFiles from, StoreOptions database) throws IOException {
    Places.requireOther(from.disk().path().orElseThrow(), database);
    Places.requireRemains(database);
    return StoreFiles.writing(database);
  }

  private static BackupReport copy(
      StoreOptions source,
      StoreOptions target,
      boolean update,
      Cancellation cancellation,
      ProgressListener progress) {
    LogCopy.Result copied;
    try (StoreFiles from = StoreFiles.reading(source);
        StoreFiles to = claimed(from, target)) {
      requireFitting(from, to, update);
      Map<Integer, Integer> segments = LogCopy.segments(from.disk()); // before the end, see LogCopy
      Position end = from.end();
      LogCopy copy =
          new LogCopy(
              from.disk(), to.disk(), segments, end, new SoundRecords(), cancellation, progress);
      if (copy.replaces()) {
        to.forgetIndex();
      }
      copied = copy.run();
      if (to.logId() == null) {
        to.become(from);
      }
    } catch (IOException e) {
      throw IoFailures.translate("copying the database", e);
    }
    // Opened, it replays what is new into its own index, checking every event against its id.
    try (EventStore store = EmbeddedEventStore.open(target.withCreate(false))) {
      Statistics statistics = store.statistics();
      return new BackupReport(
          statistics.segments(),
          copied.segments(),
          copied.bytes(),
          copied.totalBytes(),
          statistics.events());
    }
  }

  /** Claims the directory of a copy, where nothing is left if there can be none. */
  private static StoreFiles claimed(StoreFiles from, StoreOptions target) throws IOException {
    Places.requireApart(from.disk().path().orElseThrow(), target);
    Places.requireFree(target);
    return StoreFiles.writing(target);
  }

  private static void requireFitting(StoreFiles from, StoreFiles to, boolean update)
      throws IOException {
    WriterId there = to.logId();
    if (there == null) {
      Places.requireFree(to.disk().list());
    } else if (!update) {
      throw Places.conflict("a database already");
    } else if (!there.equals(from.logId())) {
      throw Places.conflict("a copy of another database");
    }
  }
}
