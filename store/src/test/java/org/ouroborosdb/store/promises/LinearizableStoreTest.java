package org.ouroborosdb.store.promises;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.jetbrains.kotlinx.lincheck.strategy.stress.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.Simulation;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/**
 * Threads that write and read at once get answers that some order of their calls explains, one call
 * after the other, each at a moment between its start and its end. Lincheck makes the histories and
 * looks for that order.
 */
class LinearizableStoreTest {
  private static final int THREADS = 3;
  private static final int CALLS_A_THREAD = 4;
  private static final int ITERATIONS = 10;
  private static final int DEEP_ITERATIONS = 1_000;
  private static final int INVOCATIONS = 100;
  private static final long FORCE_NANOS = 100_000;
  private static final long PATIENCE_MILLIS = 120_000;

  /** Waits for threads longer than the 10 seconds after which Lincheck says that they hang. */
  private static final class Patient extends StressOptions {
    Patient() {
      setTimeoutMs(PATIENCE_MILLIS);
    }
  }

  static StressOptions options(int iterations) {
    return new Patient()
        .threads(THREADS)
        .actorsPerThread(CALLS_A_THREAD)
        .iterations(iterations)
        .invocationsPerIteration(INVOCATIONS)
        .sequentialSpecification(Titles.class);
  }

  @Test
  void appends_are_linearizable_and_snapshots_stable() {
    LinChecker.check(Store.class, options(ITERATIONS));
  }

  @Test
  void appends_that_wait_for_no_disk_are_linearizable_too() {
    LinChecker.check(Unforced.class, options(ITERATIONS));
  }

  @Tag("deep")
  @Test
  void appends_are_linearizable_and_snapshots_stable_in_many_histories() {
    DeepRun.slices("linearizable histories", DEEP_ITERATIONS, INVOCATIONS)
        .run(seed -> LinChecker.check(seed % 2 == 0 ? Store.class : Unforced.class, options(1)));
  }

  /** The store as it is where no commit waits for the disk: another way to take turns. */
  @Param(name = "title", gen = IntGen.class, conf = "1:4")
  public static final class Unforced extends Store {
    /** Opens the store. */
    public Unforced() {
      super(Durability.NONE);
    }
  }

  /** The store over a disk in memory with forced commits: group commit is at work. */
  @Param(name = "title", gen = IntGen.class, conf = "1:4")
  public static class Store {
    private final EventStore store;
    private final EventId shelf;

    /** Opens a store that forces each commit. */
    public Store() {
      this(Durability.COMMIT);
    }

    Store(Durability durability) {
      store = open(durability);
      shelf = store.append(NewEvent.root("shelf").build());
    }

    private static EventStore open(Durability durability) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.faults().slowForces(FORCE_NANOS); // so that commits meet while one is forced
      return new Simulation(1).open(disk, StoreOptions.inMemory().withDurability(durability));
    }

    /** Appends a root; false if the title is taken. */
    @Operation
    public boolean claim(@Param(name = "title") int title) {
      try {
        store.append(NewEvent.root("root" + title).build());
        return true;
      } catch (StoreException e) {
        if (e.code() != ErrorCode.ROOT_TITLE_TAKEN) {
          throw e;
        }
        return false;
      }
    }

    /** Appends two events of a title in one transaction. */
    @Operation
    public void addPair(@Param(name = "title") int title) {
      try (Transaction transaction = store.begin()) {
        NewEvent.Builder event = NewEvent.child(shelf).title("t" + title).temporary(null);
        transaction.append(event.content(store.put(new byte[] {(byte) title})).build());
        transaction.append(event.build());
        transaction.commit();
      }
    }

    /** Counts the events of a title, twice in one snapshot. */
    @Operation
    public int count(@Param(name = "title") int title) {
      try (Snapshot snapshot = store.snapshot()) {
        int count = (int) snapshot.titled("t" + title).count();
        return count == snapshot.titled("t" + title).count() ? count : -1; // a snapshot is stable
      }
    }

    /** Returns which root titles are taken, in one look. */
    @Operation
    public List<String> claimed() {
      try (Snapshot snapshot = store.snapshot()) {
        return snapshot.roots().stream()
            .map(EventRow::title)
            .map(Objects::requireNonNull)
            .filter(title -> title.startsWith("root"))
            .sorted()
            .toList();
      }
    }
  }

  /** The same, one call at a time, in plain lists. */
  public static class Titles {
    private final List<Integer> roots = new ArrayList<>();
    private final List<Integer> events = new ArrayList<>();

    /** See {@link Store#claim}. */
    public boolean claim(int title) {
      if (roots.contains(title)) {
        return false;
      }
      roots.add(title);
      return true;
    }

    /** See {@link Store#addPair}. */
    public void addPair(int title) {
      events.add(title);
      events.add(title);
    }

    /** See {@link Store#count}. */
    public int count(int title) {
      return (int) events.stream().filter(each -> each == title).count();
    }

    /** See {@link Store#claimed}. */
    public List<String> claimed() {
      return roots.stream().sorted().map(title -> "root" + title).toList();
    }
  }
}
