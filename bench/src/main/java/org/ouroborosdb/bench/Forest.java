package org.ouroborosdb.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** A store of trees: of every two roots one has four children and the other two. */
final class Forest implements AutoCloseable {
  static final int SMALL = 10_000;
  static final int LARGE = 1_000_000;

  private static final int BATCH = 1_000;
  private static final int TEXT_BYTES = 100;

  private final EventStore store;
  private final Path temporary; // deleted at the end
  private final List<EventId> roots;
  private final List<EventId> all;

  private Forest(EventStore store, Path temporary, List<EventId> roots, List<EventId> all) {
    this.store = store;
    this.temporary = temporary;
    this.roots = roots;
    this.all = all;
  }

  /**
   * Opens a store filled as a setting says.
   *
   * @param directory where to work
   * @param setting none, synced or large
   * @param files whether events have content and metadata
   */
  static Forest open(String directory, String setting, boolean files) throws IOException {
    Path path = Files.createTempDirectory(Path.of(directory), "forest");
    Durability durability = setting.equals("synced") ? Durability.COMMIT : Durability.NONE;
    StoreOptions options = StoreOptions.at(path).withDurability(durability);
    if (!setting.equals("large")) {
      EventStore store = EmbeddedEventStore.open(options);
      fill(store, SMALL, files);
      return of(store, path);
    }
    copy(large(Path.of(directory), files), path);
    return of(EmbeddedEventStore.open(options), path);
  }

  /** Returns the large store, which nobody writes to once it is filled. */
  private static Path large(Path directory, boolean files) throws IOException {
    String name = "forest-" + LARGE + (files ? "-files" : "");
    Path whole = directory.resolve(name);
    if (!Files.exists(whole)) {
      Path part = Files.createTempDirectory(directory, name);
      try (EventStore store = EmbeddedEventStore.open(loose(part))) {
        fill(store, LARGE, files);
      }
      Files.move(part, whole);
    }
    return whole;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  static StoreOptions loose(Path path) {
    return StoreOptions.at(path).withDurability(Durability.NONE);
  }

  private static Forest of(EventStore store, Path temporary) {
    List<EventId> roots = new ArrayList<>();
    List<EventId> all = new ArrayList<>();
    try (Snapshot snapshot = store.snapshot()) {
      for (EventRow row : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
        String title = String.valueOf(row.title());
        if (title.startsWith("root ")) {
          roots.add(row.id());
        }
        if (title.startsWith("root ") || title.startsWith("event ")) {
          all.add(row.id());
        }
      }
    }
    return new Forest(store, temporary, roots, all);
  }

  static String rootTitle(int number) {
    return "root " + number;
  }

  /** Fills a store, some thousand events a transaction. */
  static void fill(EventStore store, int events, boolean files) {
    int written = 0;
    for (int root = 0; written < events; ) {
      try (Transaction transaction = store.begin()) {
        int end = Math.min(events, written + BATCH);
        while (written < end) {
          EventId parent =
              transaction.append(with(files, NewEvent.root(rootTitle(root)), store, root));
          int children = root % 2 == 0 ? 4 : 2;
          for (int i = 0; i < children; i++) {
            NewEvent.Builder child = NewEvent.child(parent).title("event " + root + "." + i);
            transaction.append(with(files, child, store, written + i));
          }
          written += 1 + children;
          root++;
        }
        transaction.commit();
      }
    }
  }

  private static NewEvent with(
      boolean files, NewEvent.Builder event, EventStore store, long number) {
    if (files) {
      byte[] content = text("content " + number).getBytes(StandardCharsets.UTF_8);
      event.content(store.put(content)).metadata(text("{\"number\":" + number));
    }
    return event.build();
  }

  private static String text(String start) {
    return start + "x".repeat(TEXT_BYTES - start.length());
  }

  EventStore store() {
    return store;
  }

  List<EventId> roots() {
    return roots;
  }

  /** Returns the events that have children. */
  List<EventId> parents() {
    return roots;
  }

  List<EventId> all() {
    return all;
  }

  @Override
  public void close() throws IOException {
    store.close();
    delete(temporary);
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
