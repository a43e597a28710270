package org.ouroborosdb.store.promises;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.patch.HostileDelta;
import org.ouroborosdb.store.simulated.Loss;

/** Runs the test of one guard, in a process in which the guard may be off. */
final class GuardedRun {
  private static final int SEEDS = 60;
  private static final int STEPS = 14;
  private static final int CUT_STEP = 16;
  private static final int FLIP_STEP = 5;

  private GuardedRun() {}

  /** Takes the guard's name; prints {@code GREEN}, or {@code RED} and why. */
  public static void main(String[] arguments) {
    try {
      run(Guard.valueOf(arguments[0]));
      System.out.println("GREEN");
    } catch (IOException | RuntimeException | Error e) {
      System.out.println("RED " + String.valueOf(e).lines().findFirst().orElse(""));
    }
    System.exit(0);
  }

  private static void run(Guard guard) throws IOException {
    RotTarget target = new RotTarget(7);
    switch (guard) {
      case RECORD_CHECKSUM -> flip(target, "segment");
      case BLOCK_CHECKSUM -> flip(target, "index");
      case CHUNK_HASH, EVENT_HASH -> forge(target);
      case WINDOW_HASH -> read(HostileTarget.DELTA);
      case DELTA_CHECK -> HostileDelta.giveWrongHashes();
      case FRAME_LIMIT -> read(HostileTarget.COMPRESSED_FRAME);
      case ROW_LIMIT -> read(HostileTarget.INDEX_ROW);
      case TITLE_CLAIM ->
          LinChecker.check(LinearizableStoreTest.Store.class, LinearizableStoreTest.options(20));
      case COMMIT_FORCE, NAME_FORCE, OPEN_FORCE, COPY_FORCE -> losePower();
      case CHUNK_PINS -> appendAfterReclaim();
      case REWRITE -> FailingIoTest.failEverywhere(1, STEPS, FailingIoTest.Fault.SOME_ERRORS);
      case FORCED_TAIL -> {
        for (int at = 0; at < target.unclosedLength(); at++) {
          target.flipUnclosed(at, at % Byte.SIZE);
        }
      }
      case NOTED_END -> {
        for (int less = CUT_STEP; less < target.lastSegmentLength(); less += CUT_STEP) {
          target.cutWithoutIndex(less);
        }
      }
      case OPEN_TABLE -> openTwice();
    }
  }

  private static void flip(RotTarget target, String prefix) {
    for (String file : target.files()) {
      if (file.startsWith(prefix)) {
        IntStream.iterate(0, at -> at < target.length(file), at -> at + FLIP_STEP)
            .forEach(at -> target.flip(file, at, at % Byte.SIZE));
      }
    }
  }

  private static void forge(RotTarget target) {
    for (String file : target.files()) {
      if (file.startsWith("segment")) {
        IntStream.range(0, target.length(file)).forEach(at -> target.forge(file, at, at % 8));
      }
    }
  }

  private static void read(HostileTarget target) throws IOException {
    Path corpus = Path.of("src", "test", "resources", "corpus", target.name());
    HostileReader.main(new String[] {target.name(), corpus.toString(), "1", "3000", "20"});
  }

  private static void losePower() {
    for (int seed = 0; seed < SEEDS; seed++) {
      PowerLossTest.crash(seed, Loss.PREFIX, Durability.COMMIT);
      PowerLossTest.crash(seed, Loss.SUBSET, Durability.COMMIT);
    }
  }

  private static void appendAfterReclaim() throws IOException {
    StoreOptions options = StoreOptions.at(Files.createTempDirectory("guard"));
    try (EventStore store = EmbeddedEventStore.open(options)) {
      byte[] bytes = new byte[100_000];
      new Random(1).nextBytes(bytes); // a segment of next to nothing is never rewritten
      StoredContent content = store.put(bytes);
      store.reclaim(ReclaimOptions.DEFAULT, Cancellation.create(), ProgressListener.NONE);
      store.append(NewEvent.root("root").content(content).build());
    }
  }

  private static void openTwice() throws IOException {
    StoreOptions options = StoreOptions.at(Files.createTempDirectory("guard"));
    try (EventStore store = EmbeddedEventStore.open(options)) {
      try (EventStore second = EmbeddedEventStore.open(options)) {
        throw new AssertionError("open twice: " + store.id() + " and " + second.id());
      } catch (StoreException e) {
        if (e.code() != ErrorCode.LOCKED) {
          throw new AssertionError("refused with " + e.code(), e);
        }
      }
    }
  }
}
