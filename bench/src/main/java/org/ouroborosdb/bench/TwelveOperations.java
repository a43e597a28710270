package org.ouroborosdb.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;

/**
 * The twelve operations of a store of event trees, each on a random event, through the public API.
 *
 * <p>Every reading call opens a snapshot of its own, as a caller without a transaction does. The
 * events have a title and nothing else, except for getFile and getMetadata, where each has 100
 * bytes of content and 100 of metadata.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TwelveOperations {
  private static final int PAYLOAD_BYTES = 100;

  /** The store under test, filled for each operation anew, or a copy of the large one. */
  @State(Scope.Benchmark)
  public static class Filled {
    /** What {@link Forest} is to be opened: none, synced, or large. */
    @Param({"none"})
    public String setting;

    /** The directory to work in. */
    @Param({""})
    public String directory;

    Forest forest;
    EventStore store;
    final AtomicLong names = new AtomicLong(System.nanoTime());

    /** Fills a store whose events have a title only. */
    @Setup(Level.Trial)
    public void open() throws IOException {
      forest = Forest.open(directory, setting, withFiles());
      store = forest.store();
    }

    boolean withFiles() {
      return false;
    }

    /** Closes the store. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
      forest.close();
    }
  }

  /** As the other, with content and metadata in each event. */
  @State(Scope.Benchmark)
  public static class Files extends Filled {
    @Override
    boolean withFiles() {
      return true;
    }
  }

  /** Draws events. */
  @State(Scope.Thread)
  public static class Draw {
    final SplittableRandom random = new SplittableRandom(System.nanoTime());
    final byte[] payload = new byte[PAYLOAD_BYTES];

    EventId of(List<EventId> ids) {
      return ids.get(random.nextInt(ids.size()));
    }

    String text() {
      StringBuilder text = new StringBuilder(PAYLOAD_BYTES + 16);
      while (text.length() < PAYLOAD_BYTES) {
        text.append(Long.toHexString(random.nextLong()));
      }
      text.setLength(PAYLOAD_BYTES);
      return text.toString();
    }
  }

  /** RebuildIndex: every persistent index from the log, with every event verified. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public void rebuildIndex(Filled at) {
    at.store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
  }

  /** GetChildrenOfEvent: the rows of the children of a random parent, with id and title. */
  @Benchmark
  public List<EventRow> getChildrenOfEvent(Filled at, Draw draw) {
    try (Snapshot snapshot = at.store.snapshot()) {
      EventRow parent = snapshot.find(draw.of(at.forest.parents()));
      return snapshot.children(parent.seq()).stream().toList();
    }
  }

  /** GetChildrenHashes: the ids of the children of a random parent. */
  @Benchmark
  public List<EventId> getChildrenHashes(Filled at, Draw draw) {
    try (Snapshot snapshot = at.store.snapshot()) {
      EventRow parent = snapshot.find(draw.of(at.forest.parents()));
      return snapshot.children(parent.seq()).stream().map(EventRow::id).toList();
    }
  }

  /** StoreFile: a new event with 100 new bytes of content and 100 of metadata. */
  @Benchmark
  public EventId storeFile(Filled at, Draw draw) {
    draw.random.nextBytes(draw.payload);
    return at.store.append(
        NewEvent.child(draw.of(at.forest.all()))
            .title("file")
            .content(at.store.put(draw.payload))
            .metadata(draw.text())
            .build());
  }

  /** GetFile: the content of a random event, its chunks verified. */
  @Benchmark
  public byte[] getFile(Files at, Draw draw) {
    try (Snapshot snapshot = at.store.snapshot()) {
      EventRow row = snapshot.find(draw.of(at.forest.all()));
      return snapshot.content(row).orElseThrow().readAll(PAYLOAD_BYTES);
    }
  }

  /** GetEvent: a random event from the log, verified against its id. */
  @Benchmark
  public Event getEvent(Filled at, Draw draw) {
    try (Snapshot snapshot = at.store.snapshot()) {
      return snapshot.event(draw.of(at.forest.all())).orElseThrow();
    }
  }

  /** GetMetadata: the metadata of a random event, verified. */
  @Benchmark
  public String getMetadata(Files at, Draw draw) {
    try (Snapshot snapshot = at.store.snapshot()) {
      return snapshot.metadata(snapshot.find(draw.of(at.forest.all()))).orElseThrow();
    }
  }

  /** GetAllRootEvents: all 2,500 roots, verified events. */
  @Benchmark
  public List<Event> getAllRootEvents(Filled at) {
    try (Snapshot snapshot = at.store.snapshot()) {
      List<Event> events = new ArrayList<>();
      for (EventRow root : snapshot.roots()) {
        events.add(snapshot.event(root).orElseThrow());
      }
      return events;
    }
  }

  /** GetRootIndex: the titles and ids of all roots. */
  @Benchmark
  public Map<String, EventId> getRootIndex(Filled at) {
    try (Snapshot snapshot = at.store.snapshot()) {
      Map<String, EventId> index = new HashMap<>();
      for (EventRow root : snapshot.roots()) {
        index.put(root.title(), root.id());
      }
      return index;
    }
  }

  /** GetRootEventsWithTitle: the roots of a random title that exists. */
  @Benchmark
  public List<EventRow> getRootEventsWithTitle(Filled at, Draw draw) {
    String title = Forest.rootTitle(draw.random.nextInt(at.forest.roots().size()));
    try (Snapshot snapshot = at.store.snapshot()) {
      return snapshot.roots(title).stream().toList();
    }
  }

  /** CreateRootEvent: a root with a new title. */
  @Benchmark
  public EventId createRootEvent(Filled at) {
    return at.store.append(NewEvent.root("new " + at.names.incrementAndGet()).build());
  }

  /** CreateNewEvent: a child of a random event. */
  @Benchmark
  public EventId createNewEvent(Filled at, Draw draw) {
    return at.store.append(NewEvent.child(draw.of(at.forest.all())).title("child").build());
  }
}
