package org.ouroborosdb.jdbc.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * Writes the current state of an event tree as a directory tree. One export, one use, one thread.
 *
 * <p>The target is a new or empty directory, and every name in it comes from {@link FileNames}, so
 * nothing is written outside of it: while files are written no link exists there to be followed;
 * links are made last. Events that no import made are taken too: with content they are files, with
 * children directories, with both a directory beside a file.
 */
public final class TreeExport {
  private static final int COPY_BYTES = 256 << 10;

  private final Snapshot snapshot;
  private final Cancellation cancellation;
  private final ProgressListener progress;
  private final List<String> renamed = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private final Deque<Made> made = new ArrayDeque<>();
  private final byte[] buffer = new byte[COPY_BYTES];
  private long files;
  private long bytes;

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
    Deque<Directory> open = new ArrayDeque<>();
    EventRow winner = winner(base);
    if (winner.content() != null && !isDirectory(winner)) {
      writeEntry(base, target, new FileNames(), open);
    } else {
      made.push(new Made(target, metadata(winner)));
      open.push(new Directory(target, base.seq()));
    }
    while (!open.isEmpty()) {
      Directory directory = open.pop();
      FileNames names = new FileNames();
      for (EventRow child : snapshot.children(directory.seq())) {
        cancellation.check();
        writeEntry(child, directory.path(), names, open);
      }
    }
    links.forEach(this::makeLink);
    long directories = made.size();
    made.forEach(directory -> attempt(directory.path(), () -> setAttributes(directory)));
    return new ExportReport(directories, files, links.size(), bytes, renamed, failed);
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

  private void writeEntry(EventRow base, Path directory, FileNames names, Deque<Directory> open) {
    EventRow winner = winner(base);
    if (winner.type() == EventType.REMOVE) {
      return;
    }
    String title = winner.title() != null ? winner.title() : base.title();
    String given = title == null ? "untitled" : title;
    FileMetadata metadata = metadata(winner);
    if (metadata != null && metadata.kind() == FileMetadata.Kind.LINK) {
      links.add(new Link(child(directory, given, base, names), metadata));
      return;
    }
    boolean isDirectory = isDirectory(winner) || winner.content() == null || hasChildren(base);
    if (isDirectory) {
      Path path = child(directory, given, base, names);
      attempt(path, () -> makeDirectory(path, metadata, base.seq(), open));
    }
    Optional<Content> content = snapshot.content(winner);
    if (content.isPresent()) {
      Path path = child(directory, given, base, names);
      FileMetadata own = isDirectory ? null : metadata;
      attempt(path, () -> writeFile(path, content.get(), own));
    }
  }

  private void makeDirectory(
      Path path, @Nullable FileMetadata metadata, long seq, Deque<Directory> open)
      throws IOException {
    Files.createDirectory(path);
    made.push(new Made(path, metadata));
    open.push(new Directory(path, seq));
  }

  private Path child(Path directory, String title, EventRow base, FileNames names) {
    String name = names.name(title, base.id());
    if (!name.equals(title)) {
      renamed.add(directory.resolve(name) + " is '" + title.replace('\0', '?') + "'");
    }
    try {
      return directory.resolve(name);
    } catch (InvalidPathException e) {
      throw new IllegalStateException(
          "the name '"
              + name
              + "' cannot be written in this locale (sun.jnu.encoding is "
              + System.getProperty("sun.jnu.encoding")
              + "); set LC_ALL to a UTF-8 locale",
          e);
    }
  }

  private void writeFile(Path path, Content content, @Nullable FileMetadata metadata)
      throws IOException {
    try (InputStream in = content.stream();
        OutputStream out =
            Files.newOutputStream(
                path,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        cancellation.check();
        out.write(buffer, 0, n);
        bytes += n;
        progress.progress(bytes, -1);
      }
    }
    files++;
    setAttributes(new Made(path, metadata));
  }

  private void makeLink(Link link) {
    attempt(
        link.path(),
        () -> {
          String target = link.metadata().target();
          Files.createSymbolicLink(link.path(), Path.of(target == null ? "" : target));
          Files.getFileAttributeView(
                  link.path(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .setTimes(FileTime.from(link.metadata().modified()), null, null);
        });
  }

  private static void setAttributes(Made file) throws IOException {
    FileMetadata metadata = file.metadata();
    if (metadata == null) {
      return;
    }
    PosixFileAttributeView posix =
        Files.getFileAttributeView(
            file.path(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (posix != null && metadata.mode() != null) {
      posix.setPermissions(PosixFilePermissions.fromString(metadata.mode()));
    }
    Files.getFileAttributeView(file.path(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(FileTime.from(metadata.modified()), null, null);
  }

  /** A step that may fail for one entry without ending the export. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private void attempt(Path path, Step step) {
    try {
      step.run();
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      failed.add(path + ": " + e);
    }
  }

  private EventRow winner(EventRow base) {
    EventRow winner = base.type().isBase() ? snapshot.winner(base.seq()) : base;
    return winner == null ? base : winner;
  }

  private @Nullable FileMetadata metadata(EventRow winner) {
    return FileMetadata.parse(snapshot.metadata(winner).orElse(null));
  }

  private boolean isDirectory(EventRow winner) {
    FileMetadata metadata = metadata(winner);
    return metadata != null && metadata.kind() == FileMetadata.Kind.DIRECTORY;
  }

  private boolean hasChildren(EventRow base) {
    return snapshot.children(base.seq()).stream()
        .anyMatch(child -> winner(child).type() != EventType.REMOVE);
  }
}
