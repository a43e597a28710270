package org.ouroborosdb.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Profile;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Prints the greatest resident memory of this process while a small store is filled (Linux). */
public final class Memory {
  private static final int EVENTS = 100_000;

  private Memory() {}

  /** Takes the directory to work in, a directory of files to store, and a profile; or fewer. */
  public static void main(String[] arguments) throws IOException {
    Path path = Files.createTempDirectory(Files.createDirectories(Path.of(arguments[0])), "memory");
    StoreOptions options = Forest.loose(path).withProfile(profile(arguments));
    try (EventStore store = EmbeddedEventStore.open(options)) {
      Forest.fill(store, EVENTS, false);
      print("after " + EVENTS + " events");
      if (arguments.length > 1) {
        EventId root = store.append(NewEvent.root("files").build());
        System.out.println(store(store, root, Path.of(arguments[1])) + " bytes of files stored");
        print("after the files");
      }
    }
    try (EventStore store = EmbeddedEventStore.open(options)) {
      print("reopened, " + store.statistics().events() + " events");
    }
    Forest.delete(path);
  }

  private static Profile profile(String[] arguments) {
    return arguments.length > 2
        ? Profile.valueOf(arguments[2].toUpperCase(Locale.ROOT))
        : Profile.SMALL;
  }

  private static long store(EventStore store, EventId parent, Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    long bytes = 0;
    for (Path file : files) {
      try (InputStream content = Files.newInputStream(file)) {
        String title = String.valueOf(file.getFileName());
        store.append(NewEvent.child(parent).title(title).content(store.put(content)).build());
      }
      bytes += Files.size(file);
    }
    return bytes;
  }

  static void print(String when) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM") || line.startsWith("VmRSS")) {
        String[] parts = line.split("\\s+");
        System.out.printf(
            Locale.ROOT, "%-28s %s %.1f MB%n", when, parts[0], Long.parseLong(parts[1]) / 1024.0);
      }
    }
  }
}
