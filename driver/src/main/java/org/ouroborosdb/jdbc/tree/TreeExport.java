package org.ouroborosdb.jdbc.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;

/**
 * Writes the current state of an event tree as a directory tree. One export, one use, one thread;
 * worker threads write the files.
 *
 * <p>The target is a new or empty directory, and every name in it comes from {@link FileNames}, so
 * nothing is written outside of it: while files are written no link exists there to be followed;
 * links are made last. Events that no import made are taken too: with content they are files, with
 * children directories, with both a directory beside a file.
 */
public final class TreeExport {
  private final Snapshot snapshot;
  private final Cancellation cancellation;
  private final ProgressListener progress;
  private final List<String> renamed = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private final Deque<Made> made = new ArrayDeque<>();
  private long files;

  /** A link to be made when all else is there. */
  private record Link(Path path, FileMetadata metadata) {}

  /** A directory made, whose attributes are set when its entries are there. */
  private record Made(Path path, @Nullable FileMetadata metadata) {}

  /** A directory whose entries are still to be written. */
  private record Directory(Path path, long seq) {}

  /** Prepares an export; {@code progress} is told the bytes written so far. */
  public TreeExport(Snapshot snapshot, Cancellation cancellation, ProgressListener progress) {
    this.snapshot = snapshot;
    this.cancellation = cancellation;
    this.progress = progress;
  }

  /**
   * Writes what lies below an event into a directory; a single file goes into it by its name.
   *
   * @throws IOException if the directory cannot be made, or is not empty
   */
  public ExportReport run(EventRow base, Path target) throws IOException {
    makeTarget(target);
    NamesTold told = NamesTold.in(target);
    Deque<Directory> open = new ArrayDeque<>();
    EventRow winner = winner(base);
    FileMetadata metadata = metadata(winner);
    try (FileWrites writes = new FileWrites(cancellation, progress)) {
      if (winner.content() != null && !isDirectory(metadata)) {
        writeEntry(base, target, new FileNames(told), open, writes);
      } else {
        made.push(new Made(target, metadata));
        open.push(new Directory(target, base.seq()));
      }
      while (!open.isEmpty()) {
        Directory directory = open.pop();
        FileNames names = new FileNames(told);
        for (EventRow child : snapshot.children(directory.seq())) {
          cancellation.check();
          writeEntry(child, directory.path(), names, open, writes);
        }
      }
      files = writes.finish(failed);
      links.removeIf(link -> !attempt(link.path(), () -> makeLink(link)));
      long directories = made.size();
      made.forEach(
          directory ->
              attempt(
                  directory.path(),
                  () -> FileWrites.setAttributes(directory.path(), directory.metadata())));
      failed.sort(Comparator.naturalOrder()); // files are done in no order
      return new ExportReport(directories, files, links.size(), writes.bytes(), renamed, failed);
    }
  }

  private static void makeTarget(Path target) throws IOException {
    if (Files.isSymbolicLink(target)) {
      throw new IOException(target + " is a symbolic link; name a new or empty directory");
    }
    Files.createDirectories(target);
    try (Stream<Path> entries = Files.list(target)) {
      if (entries.findAny().isPresent()) {
        throw new IOException(target + " is not empty; name a new or empty directory");
      }
    }
  }

  private void writeEntry(
      EventRow base, Path directory, FileNames names, Deque<Directory> open, FileWrites writes) {
    EventRow winner = winner(base);
    if (winner.type() == EventType.REMOVE) {
      return;
    }
    String title = winner.title() != null ? winner.title() : base.title();
    String given = title == null ? "untitled" : title;
    FileMetadata metadata = metadata(winner);
    if (metadata != null && metadata.kind() == FileMetadata.Kind.LINK) {
      Path path = child(directory, given, metadata, base, names);
      if (path != null) {
        links.add(new Link(path, metadata));
      }
      return;
    }
    boolean isDirectory = isDirectory(metadata) || winner.content() == null || hasChildren(base);
    if (isDirectory) {
      Path path = child(directory, given, metadata, base, names);
      if (path != null) {
        attempt(path, () -> makeDirectory(path, metadata, base.seq(), open));
      }
    }
    Optional<Content> content = snapshot.content(winner);
    if (content.isPresent()) {
      Path path = child(directory, given, metadata, base, names);
      if (path != null) {
        writes.submit(path, content.get(), isDirectory ? null : metadata, failed);
      }
    }
  }

  private void makeDirectory(
      Path path, @Nullable FileMetadata metadata, long seq, Deque<Directory> open)
      throws IOException {
    Files.createDirectory(path);
    made.push(new Made(path, metadata));
    open.push(new Directory(path, seq));
  }

  /** Returns where an entry goes; null, with the failure noted, if no name of it can be written. */
  private @Nullable Path child(
      Path directory,
      String title,
      @Nullable FileMetadata metadata,
      EventRow base,
      FileNames names) {
    String raw = metadata == null ? null : metadata.name();
    if (raw != null && names.takeRaw(raw)) {
      return RawName.resolve(directory, raw);
    }
    String name = names.name(title, base.id());
    if (!name.equals(title)) {
      renamed.add(directory.resolve(name) + " is '" + title.replace('\0', '?') + "'");
    }
    try {
      return RawName.resolveText(directory, name);
    } catch (InvalidPathException e) {
      failed.add(directory + ": '" + name + "': no name on this system: " + e.getReason());
      return null;
    }
  }

  private static void makeLink(Link link) throws IOException {
    FileMetadata metadata = link.metadata();
    String target = metadata.target() == null ? "" : metadata.target();
    Path to = metadata.rawTarget() ? RawName.path(target) : Path.of(target);
    Files.createSymbolicLink(link.path(), to);
    FileWrites.setTime(link.path(), metadata.modified());
  }

  /** A step that may fail for one entry without ending the export. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private boolean attempt(Path path, Step step) {
    try {
      step.run();
      return true;
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      failed.add(path + ": " + FileProblem.reason(e));
      return false;
    }
  }

  private EventRow winner(EventRow base) {
    EventRow winner = base.type().isBase() ? snapshot.winner(base.seq()) : base;
    return winner == null ? base : winner;
  }

  private @Nullable FileMetadata metadata(EventRow winner) {
    return FileMetadata.parse(snapshot.metadata(winner).orElse(null));
  }

  private static boolean isDirectory(@Nullable FileMetadata metadata) {
    return metadata != null && metadata.kind() == FileMetadata.Kind.DIRECTORY;
  }

  private boolean hasChildren(EventRow base) {
    return snapshot.children(base.seq()).stream()
        .anyMatch(child -> winner(child).type() != EventType.REMOVE);
  }
}
