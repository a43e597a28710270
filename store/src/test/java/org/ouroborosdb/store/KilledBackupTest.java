package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.backup.BackupReport;
import org.ouroborosdb.store.backup.StoreBackup;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** A backup in another process is killed again and again; what it leaves is sound, and goes on. */
class KilledBackupTest {
  private static final int ROUNDS = 6;
  private static final int CONTENT_BYTES = 4 << 20;
  private static final int CONTENTS_PER_ROUND = 4;

  @TempDir private Path directory;

  /** Backs up, and prints whenever a piece is copied. */
  static final class Backup {
    private Backup() {}

    /** Takes the database and the backup. */
    public static void main(String[] arguments) throws IOException {
      StoreBackup.backup(
          StoreOptions.at(Path.of(arguments[0])).withProfile(Profile.SMALL),
          Path.of(arguments[1]),
          Cancellation.create(),
          (done, total) -> System.out.println(done == total ? "ALL" : "SOME"));
      System.out.println("DONE");
      System.in.read();
    }
  }

  @Test
  void a_backup_that_is_killed_is_sound_and_is_continued() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("killed backup: seed " + seed);
    Random random = new Random(seed);
    Path db = directory.resolve("db");
    Path backup = directory.resolve("backup");
    StoreOptions options =
        StoreOptions.at(db).withProfile(Profile.SMALL).withDurability(Durability.NONE);
    long before = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long events = grow(options, random);
      try (ForkedJvm process = new ForkedJvm(Backup.class, db.toString(), backup.toString())) {
        // Some die in the middle of a copy, some while the copy is opened.
        int lines = random.nextInt(CONTENTS_PER_ROUND * (round + 1) * 5);
        String line = "";
        for (int i = 0; i < lines && !line.equals("DONE"); i++) {
          line = Objects.requireNonNull(process.line(), "the backup ended by itself");
        }
        process.kill();
      }
      before = checkWhatIsThere(backup, before, events);
    }
    long events = grow(options, random);
    BackupReport report =
        StoreBackup.backup(options, backup, Cancellation.create(), ProgressListener.NONE);
    assertEquals(events, report.events());
    assertEquals(events, checkWhatIsThere(backup, events, events));
  }

  private static long grow(StoreOptions options, Random random) {
    byte[] content = new byte[CONTENT_BYTES];
    try (EventStore store = EmbeddedEventStore.open(options)) {
      for (int i = 0; i < CONTENTS_PER_ROUND; i++) {
        random.nextBytes(content);
        String title = "root " + random.nextLong();
        store.append(NewEvent.root(title).content(store.put(content)).build());
      }
      return store.statistics().events();
    }
  }

  /** Returns how many events the backup has; it may be no store yet if it never was one. */
  private static long checkWhatIsThere(Path backup, long before, long most) {
    if (before == 0 && !Files.exists(backup.resolve("FORMAT"))) {
      return 0;
    }
    StoreOptions options =
        StoreOptions.at(backup).withReadOnly(true).withCreate(false).withProfile(Profile.SMALL);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      VerifyReport verified = store.verify(Cancellation.create(), ProgressListener.NONE);
      assertTrue(verified.isSound(), () -> verified.damages().toString());
      long events = store.statistics().events();
      assertTrue(before <= events && events <= most, before + " <= " + events + " <= " + most);
      return events;
    }
  }
}
