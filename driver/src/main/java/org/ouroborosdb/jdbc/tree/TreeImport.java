package org.ouroborosdb.jdbc.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoredContent;

/**
 * Makes a directory tree an event tree, or brings the event tree of an earlier import up to date.
 * One import, one use, one thread.
 *
 * <p>Worker threads list directories and store files ahead of the walk; events are appended in the
 * walk's order, a few hundred to a commit. A file is taken as unchanged without being read when
 * kind, size, mode, times and inode are all those of the last import. A file of which only the
 * inode or the time of its last change differs is read; if its bytes are the same, no version is
 * made.
 */
public final class TreeImport {
  /**
   * Files at most whose content is stored before their events are: some 800 bytes each, and enough
   * that the workers go on while a commit is forced to the disk.
   */
  private static final int MAX_PENDING = 512;

  private static final int COMPARED_BYTES = 64 << 10;

  /** Directories listed ahead at most; each holds its entries. */
  private static final int MAX_LISTED = 16;

  private final EventStore store;
  private final boolean rehash;
  private final Cancellation cancellation;
  private final ProgressListener progress;
  private final Deque<Directory> open = new ArrayDeque<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final List<String> skipped = new ArrayList<>();
  private Set<String> leftOut = Set.of();
  private Set<Path> databases = Set.of();
  private long added;
  private long changed;
  private long removed;
  private long unchanged;
  private long bytesRead;

  /** A directory whose entries are still to be taken. */
  private static final class Directory {
    private final Path path;
    private final EventId id;
    private final long seq;
    private @Nullable Future<Listing> listing;

    /** Takes the sequence number of the directory's base before this import; 0 if new. */
    Directory(Path path, EventId id, long seq) {
      this.path = path;
      this.id = id;
      this.seq = seq;
    }
  }

  /** An entry whose event follows when its content is stored. */
  private record Pending(
      Listing.Entry entry, EventId parent, @Nullable Known known, Future<StoredContent> content) {}

  /** What one run works with. */
  private record Run(Snapshot before, Batch batch, FileReads reads) {}

  /**
   * Prepares an import.
   *
   * @param rehash whether to read files even if they look unchanged
   * @param progress is told the bytes read so far
   */
  public TreeImport(
      EventStore store, boolean rehash, Cancellation cancellation, ProgressListener progress) {
    this.store = store;
    this.rehash = rehash;
    this.cancellation = cancellation;
    this.progress = progress;
  }

  /** Leaves out every entry of one of these names, at any depth. */
  public TreeImport leavingOut(Set<String> names) {
    leftOut = Set.copyOf(names);
    return this;
  }

  /** Leaves out the directories of the database that is written to, lest it swallow itself. */
  public TreeImport leavingOut(List<Path> databaseDirectories) throws IOException {
    Set<Path> real = new HashSet<>();
    for (Path each : databaseDirectories) {
      real.add(each.toRealPath());
    }
    databases = Set.copyOf(real);
    return this;
  }

  /**
   * Imports a directory under a root's title, which is created if the store has none; if it has
   * several, the oldest is taken.
   *
   * @throws IOException if the directory itself cannot be read
   */
  public ImportReport run(Path directory, String title) throws IOException {
    Path real = directory.toRealPath();
    if (databases.contains(real)) {
      throw new IOException(directory + " is the database itself");
    }
    FileMetadata metadata = FileMetadata.of(real, null);
    if (metadata == null || metadata.kind() != FileMetadata.Kind.DIRECTORY) {
      throw new NotDirectoryException(directory.toString());
    }
    try (Snapshot before = store.snapshot();
        Batch batch = new Batch(store);
        FileReads reads = new FileReads(store, cancellation)) {
      Run run = new Run(before, batch, reads);
      EventRow known = before.roots(title).first().orElse(null);
      EventId root = takeRoot(run, known, metadata, title);
      open.push(new Directory(real, root, known == null ? 0 : known.seq()));
      while (!open.isEmpty()) {
        listAhead(reads);
        takeDirectory(run, open.pop());
      }
      while (!pending.isEmpty()) {
        finishOldest(run);
      }
      batch.commit();
      return new ImportReport(root, added, changed, removed, unchanged, bytesRead, skipped);
    }
  }

  private EventId takeRoot(Run run, @Nullable EventRow root, FileMetadata metadata, String title) {
    String json = metadata.toJson();
    if (root == null) {
      added++;
      return run.batch.append(NewEvent.root(title).metadata(json).build());
    }
    Known known = Known.of(run.before, root);
    if (!known.isRemoved() && json.equals(known.metadata())) {
      unchanged++;
    } else {
      changed++;
      run.batch.append(known.version().metadata(json).content(known.winner().content()).build());
    }
    return root.id();
  }

  private void listAhead(FileReads reads) {
    int ahead = 0;
    for (Directory directory : open) {
      if (ahead++ == MAX_LISTED) {
        return;
      }
      if (directory.listing == null) {
        directory.listing = reads.list(() -> Listing.of(directory.path, leftOut, databases));
      }
    }
  }

  private void takeDirectory(Run run, Directory directory) throws IOException {
    cancellation.check();
    Listing listing = FileReads.result(Objects.requireNonNull(directory.listing));
    skipped.addAll(listing.skipped());
    Map<String, EventRow> bases = Known.under(run.before, directory.seq);
    List<Directory> inner = new ArrayList<>();
    for (Listing.Entry entry : listing.entries()) {
      cancellation.check();
      EventRow base = bases.remove(Known.key(entry.name()));
      takeEntry(run, directory, entry, base == null ? null : Known.of(run.before, base), inner);
    }
    bases.keySet().removeAll(listing.unknown());
    if (listing.whole()) { // else what was not seen may still be there
      bases.values().forEach(base -> remove(run, base));
    }
    for (int i = inner.size() - 1; i >= 0; i--) {
      open.push(inner.get(i));
    }
  }

  private void takeEntry(
      Run run,
      Directory parent,
      Listing.Entry entry,
      @Nullable Known known,
      List<Directory> inner) {
    FileMetadata metadata = entry.metadata();
    if (metadata.kind() == FileMetadata.Kind.FILE) {
      takeFile(run, parent, entry, known);
    } else {
      EventId id = takeWithoutContent(run, parent, entry, known);
      if (metadata.kind() == FileMetadata.Kind.DIRECTORY) {
        inner.add(new Directory(entry.path(), id, known == null ? 0 : known.base().seq()));
        return;
      }
    }
    if (known != null) {
      run.before.children(known.base().seq()).forEach(child -> remove(run, child));
    }
  }

  private EventId takeWithoutContent(
      Run run, Directory parent, Listing.Entry entry, @Nullable Known known) {
    String json = entry.metadata().toJson();
    if (known == null) {
      added++;
      String title = entry.name().text();
      return run.batch.append(NewEvent.child(parent.id).title(title).metadata(json).build());
    }
    if (!known.isRemoved() && json.equals(known.metadata())) {
      unchanged++;
    } else {
      changed++;
      run.batch.append(known.version().metadata(json).build());
    }
    return known.base().id();
  }

  private void takeFile(Run run, Directory parent, Listing.Entry entry, @Nullable Known known) {
    if (known != null
        && !rehash
        && !known.isRemoved()
        && known.winner().content() != null
        && entry.metadata().toJson().equals(known.metadata())) {
      unchanged++;
      return;
    }
    if (pending.size() >= MAX_PENDING) {
      finishOldest(run);
    }
    pending.add(new Pending(entry, parent.id, known, run.reads.store(entry)));
  }

  private void finishOldest(Run run) {
    cancellation.check();
    Pending next = pending.remove();
    try {
      StoredContent content = FileReads.result(next.content());
      bytesRead += content.length();
      progress.progress(bytesRead, -1);
      appendFile(run, next, content);
    } catch (IOException e) {
      skipped.add(next.entry().path() + ": " + FileProblem.reason(e));
    }
  }

  private void appendFile(Run run, Pending file, StoredContent content) {
    Known known = file.known();
    // A file that grew while it was read is described as it was read.
    FileMetadata metadata = file.entry().metadata().withSize(content.length());
    String json = metadata.toJson();
    if (known == null) {
      added++;
      String title = file.entry().name().text();
      run.batch.append(
          NewEvent.child(file.parent()).title(title).metadata(json).content(content).build());
    } else if (!known.isRemoved()
        && isContentOf(run, known.winner(), content)
        && metadata.looksLike(FileMetadata.parse(known.metadata()))) {
      unchanged++;
    } else {
      changed++;
      run.batch.append(known.version().metadata(json).content(content).build());
    }
  }

  /** Returns whether a version has a content that was just stored. */
  private boolean isContentOf(Run run, EventRow version, StoredContent content) {
    StoredContent known = version.content();
    if (known == null || known.patch() == null) {
      return content.equals(known);
    }
    if (content.length() != version.contentLength()) {
      return false;
    }
    try (InputStream stored = run.before.open(content).stream();
        InputStream patched = run.before.open(known).stream()) {
      while (true) {
        byte[] piece = stored.readNBytes(COMPARED_BYTES);
        if (!Arrays.equals(piece, patched.readNBytes(COMPARED_BYTES))) {
          return false;
        }
        if (piece.length == 0) {
          return true;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a content's stream throws store exceptions only", e);
    }
  }

  /** Removes a base and everything below it that is not removed yet. */
  private void remove(Run run, EventRow base) {
    for (EventRow row : run.before.subtree(base.seq(), Integer.MAX_VALUE)) {
      if (row.type() == EventType.NORMAL) {
        Known known = Known.of(run.before, row);
        if (!known.isRemoved()) {
          cancellation.check();
          removed++;
          run.batch.append(known.removal());
        }
      }
    }
  }
}
