package org.ouroborosdb.jdbc.tree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.Transaction;

/**
 * Makes a directory tree an event tree, or brings the event tree of an earlier import up to date.
 * One import, one use, one thread.
 *
 * <p>Walks directory by directory; files are read on worker threads while the walk goes on, and
 * their events are appended in the walk's order, a few hundred to a commit. A file is taken as
 * unchanged without being read when kind, size, time and mode are those of the last import and its
 * time lies clearly before that import (else it might have changed within the clock's grain).
 */
public final class TreeImport {
  private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors());

  /** Reads under way at most; each holds one open file and a few chunks. */
  private static final int MAX_PENDING = 64;

  /** Events to a commit: keeps the share of one force small and a lost batch short. */
  private static final int EVENTS_PER_COMMIT = 500;

  /** The coarsest clock of a common file system (FAT) in nanoseconds. */
  private static final long CLOCK_GRAIN_NANOS = 2_000_000_000L;

  private final EventStore store;
  private final boolean rehash;
  private final Cancellation cancellation;
  private final ProgressListener progress;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final List<String> skipped = new ArrayList<>();
  private Set<String> leftOut = Set.of();
  private long added;
  private long changed;
  private long removed;
  private long unchanged;
  private long bytesRead;

  /** A directory whose entries are still to be taken. */
  private record Directory(Path path, EventId id, long seq) {}

  /** An entry whose event follows when its content is stored. */
  private record Pending(
      Path file,
      EventId parent,
      String name,
      FileMetadata metadata,
      @Nullable Known known,
      Future<StoredContent> content) {}

  /** What the store has under a name: the base, and its heads, the winner first. */
  private record Known(EventRow base, List<EventRow> heads, @Nullable String metadata) {
    EventRow winner() {
      return heads.get(0);
    }

    boolean isRemoved() {
      return winner().type() == EventType.REMOVE;
    }
  }

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

  /**
   * Imports a directory under a root's title, which is created if the store has none.
   *
   * @throws IOException if the directory itself cannot be read
   */
  public ImportReport run(Path directory, String title) throws IOException {
    FileMetadata metadata = FileMetadata.of(directory.toRealPath());
    if (metadata == null || metadata.kind() != FileMetadata.Kind.DIRECTORY) {
      throw new IOException(directory + " is no directory");
    }
    ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    try (Snapshot before = store.snapshot();
        Batch batch = new Batch(store)) {
      EventRow known = before.roots(title).first().orElse(null);
      EventId root = takeRoot(batch, before, known, metadata, title);
      Deque<Directory> open = new ArrayDeque<>();
      open.push(new Directory(directory.toRealPath(), root, known == null ? 0 : known.seq()));
      while (!open.isEmpty()) {
        takeDirectory(open.pop(), open, before, batch, workers);
      }
      while (!pending.isEmpty()) {
        finishOldest(batch);
      }
      batch.commit();
      return new ImportReport(root, added, changed, removed, unchanged, bytesRead, skipped);
    } finally {
      workers.shutdownNow();
    }
  }

  private EventId takeRoot(
      Batch batch, Snapshot before, @Nullable EventRow root, FileMetadata metadata, String title) {
    String json = metadata.toJson();
    if (root == null) {
      added++;
      return batch.append(NewEvent.root(title).metadata(json).build());
    }
    Known known = known(before, root);
    if (json.equals(known.metadata())) {
      unchanged++;
    } else {
      changed++;
      batch.append(version(known).metadata(json).content(known.winner().content()).build());
    }
    return root.id();
  }

  private void takeDirectory(
      Directory directory,
      Deque<Directory> open,
      Snapshot before,
      Batch batch,
      ExecutorService workers) {
    cancellation.check();
    Map<String, EventRow> bases = bases(before, directory.seq());
    List<Directory> inner = new ArrayList<>();
    boolean whole = true;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.path())) {
      for (Path entry : entries) {
        String name = Objects.requireNonNull(entry.getFileName()).toString();
        if (leftOut.contains(name)) {
          continue;
        }
        EventRow base = bases.remove(name);
        Known known = base == null ? null : known(before, base);
        takeEntry(directory, entry, name, known, inner, before, batch, workers);
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      skipped.add(directory.path() + ": " + e);
      whole = false; // what could not be listed has not vanished
    }
    if (whole) {
      bases.values().forEach(base -> remove(before, base, batch));
    }
    for (int i = inner.size() - 1; i >= 0; i--) {
      open.push(inner.get(i));
    }
  }

  private void takeEntry(
      Directory directory,
      Path entry,
      String name,
      @Nullable Known known,
      List<Directory> inner,
      Snapshot before,
      Batch batch,
      ExecutorService workers) {
    cancellation.check();
    try {
      FileMetadata metadata = FileMetadata.of(entry);
      if (metadata == null) {
        skipped.add(entry + ": neither file, directory nor link");
        return;
      }
      if (metadata.kind() == FileMetadata.Kind.FILE) {
        takeFile(directory, entry, name, metadata, known, batch, workers);
      } else {
        EventId id = takeWithoutContent(directory.id(), name, metadata, known, batch);
        if (metadata.kind() == FileMetadata.Kind.DIRECTORY) {
          inner.add(new Directory(entry, id, known == null ? 0 : known.base().seq()));
          return;
        }
      }
      if (known != null) {
        before.children(known.base().seq()).forEach(child -> remove(before, child, batch));
      }
    } catch (IOException e) {
      skipped.add(entry + ": " + e);
    }
  }

  private EventId takeWithoutContent(
      EventId parent, String name, FileMetadata metadata, @Nullable Known known, Batch batch) {
    String json = metadata.toJson();
    if (known == null) {
      added++;
      return batch.append(NewEvent.child(parent).title(name).metadata(json).build());
    }
    if (!known.isRemoved() && json.equals(known.metadata())) {
      unchanged++;
    } else {
      changed++;
      batch.append(version(known).metadata(json).build());
    }
    return known.base().id();
  }

  private void takeFile(
      Directory directory,
      Path file,
      String name,
      FileMetadata metadata,
      @Nullable Known known,
      Batch batch,
      ExecutorService workers) {
    if (known != null && !rehash && looksUnchanged(metadata, known)) {
      unchanged++;
      return;
    }
    if (pending.size() >= MAX_PENDING) {
      finishOldest(batch);
    }
    Future<StoredContent> content = workers.submit(() -> read(file));
    pending.add(new Pending(file, directory.id(), name, metadata, known, content));
  }

  private static boolean looksUnchanged(FileMetadata metadata, Known known) {
    Instant modified = metadata.modified();
    long nanos = modified.getEpochSecond() * 1_000_000_000L + modified.getNano();
    return !known.isRemoved()
        && known.winner().content() != null
        && nanos < known.winner().level() - CLOCK_GRAIN_NANOS
        && metadata.toJson().equals(known.metadata());
  }

  private StoredContent read(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return store.put(bytes, cancellation, ProgressListener.NONE);
    }
  }

  private void finishOldest(Batch batch) {
    Pending next = pending.remove();
    StoredContent content;
    try {
      content = next.content().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoreException failure && failure.code() != ErrorCode.IO_FAILED) {
        throw failure;
      }
      skipped.add(next.file() + ": " + e.getCause());
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(ErrorCode.CANCELLED, "the import was interrupted", e);
    }
    bytesRead += content.length();
    progress.progress(bytesRead, -1);
    appendFile(next, content, batch);
  }

  private void appendFile(Pending file, StoredContent content, Batch batch) {
    Known known = file.known();
    // A file that grew while it was read is described as it was read.
    FileMetadata at = file.metadata();
    FileMetadata metadata =
        new FileMetadata(at.kind(), content.length(), at.modified(), at.mode(), at.target());
    String json = metadata.toJson();
    if (known == null) {
      added++;
      batch.append(
          NewEvent.child(file.parent()).title(file.name()).metadata(json).content(content).build());
    } else if (!known.isRemoved()
        && content.equals(known.winner().content())
        && json.equals(known.metadata())) {
      unchanged++;
    } else {
      changed++;
      batch.append(version(known).metadata(json).content(content).build());
    }
  }

  /** Removes a base and everything below it that is not removed yet. */
  private void remove(Snapshot before, EventRow base, Batch batch) {
    for (EventRow row : before.subtree(base.seq(), Integer.MAX_VALUE)) {
      if (row.type() == EventType.NORMAL) {
        Known known = known(before, row);
        if (!known.isRemoved()) {
          cancellation.check();
          removed++;
          batch.append(NewEvent.remove(known.winner().id()).merges(otherHeads(known)).build());
        }
      }
    }
  }

  private static NewEvent.Builder version(Known known) {
    return NewEvent.overwrite(known.winner().id()).merges(otherHeads(known));
  }

  private static List<EventId> otherHeads(Known known) {
    return known.heads().stream().skip(1).map(EventRow::id).toList();
  }

  private static Known known(Snapshot before, EventRow base) {
    List<EventRow> heads = before.heads(base.seq()).stream().toList();
    return new Known(base, heads, before.metadata(heads.get(0)).orElse(null));
  }

  /** Returns the oldest NORMAL event of each title under a parent. */
  private static Map<String, EventRow> bases(Snapshot before, long parentSeq) {
    Map<String, EventRow> bases = new HashMap<>();
    if (parentSeq != 0) {
      for (Iterator<EventRow> rows = before.children(parentSeq).iterator(); rows.hasNext(); ) {
        EventRow row = rows.next();
        if (row.title() != null) {
          bases.putIfAbsent(row.title(), row);
        }
      }
    }
    return bases;
  }

  /** The transaction that events are appended to, begun anew after every commit. */
  private static final class Batch implements AutoCloseable {
    private final EventStore store;
    private @Nullable Transaction transaction;
    private int events;

    Batch(EventStore store) {
      this.store = store;
    }

    EventId append(NewEvent event) {
      if (events >= EVENTS_PER_COMMIT) {
        commit();
      }
      if (transaction == null) {
        transaction = store.begin();
      }
      events++;
      return transaction.append(event);
    }

    void commit() {
      if (transaction != null) {
        transaction.commit();
        transaction.close();
        transaction = null;
      }
      events = 0;
    }

    @Override
    public void close() {
      if (transaction != null) {
        transaction.close();
      }
    }
  }
}
