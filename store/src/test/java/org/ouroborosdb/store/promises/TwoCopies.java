package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.VerifyDepth;
import org.ouroborosdb.store.backup.RepairReport;
import org.ouroborosdb.store.backup.StoreBackup;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/**
 * A database of one segment and its backup, in either of which records are overwritten with what
 * they cannot say, under checksums that fit.
 */
record TwoCopies(Path directory) {
  static final String FIRST = "segment-00000001.log";

  /** The first segment after {@link #reclaim}. */
  static final String REWRITTEN = "segment-00000001-1.log";

  static final int HEADER_BYTES = 20;

  Path database() {
    return directory.resolve("db");
  }

  Path other() {
    return directory.resolve("other");
  }

  EventStore open() {
    return EmbeddedEventStore.open(StoreOptions.at(database()));
  }

  void backUp(Path to) {
    StoreBackup.backup(
        StoreOptions.at(database()), to, Cancellation.create(), ProgressListener.NONE);
  }

  RepairReport repair() {
    return StoreBackup.repair(
        StoreOptions.at(database()), other(), Cancellation.create(), ProgressListener.NONE);
  }

  /** Rewrites the only segment of a copy. */
  static void reclaim(Path copy) {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(copy))) {
      ReclaimOptions all = ReclaimOptions.DEFAULT.withLeastDead(0);
      assertEquals(1, store.reclaim(all, Cancellation.create(), ProgressListener.NONE).segments());
    }
  }

  /** Overwrites what starts at each of some offsets, and makes all checksums fit. */
  static void overwrite(
      Path copy, String segment, List<Integer> offsets, ObjIntConsumer<ByteBuffer> overwriting)
      throws IOException {
    Path file = copy.resolve(segment);
    byte[] sound = Files.readAllBytes(file);
    byte[] bytes = sound.clone();
    for (int at : offsets) {
      overwriting.accept(ByteBuffer.wrap(bytes), at);
    }
    Files.write(file, LogBytes.withChecksums(bytes, sound, LogBytes.number(segment)));
  }

  /** Returns where the records of a kind start. */
  static List<Integer> offsets(Path copy, String segment, int kind) throws IOException {
    return LogBytes.offsets(Files.readAllBytes(copy.resolve(segment)), kind);
  }

  /** Flips a bit of the byte at an offset, whose checksum tells. */
  static void flip(Path copy, String segment, int at) throws IOException {
    Path file = copy.resolve(segment);
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  /** Returns the damages that a verification names. */
  static List<String> verify(Path copy, VerifyDepth depth) {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(copy))) {
      return store.verify(depth, Cancellation.create(), ProgressListener.NONE).damages();
    }
  }

  /** Checks that a repair of the database left neither damage nor unfinished files. */
  void assertWhole(RepairReport report) throws IOException {
    assertEquals(List.of(), report.remaining());
    assertEquals(List.of(), verify(database(), VerifyDepth.FULL));
    try (Stream<Path> files = Files.list(database())) {
      assertTrue(files.noneMatch(found -> found.toString().endsWith(".next")));
    }
  }
}
