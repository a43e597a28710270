package org.ouroborosdb.store.ingest;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.disk.Guard;

/**
 * The chunks that may soon be referred to, which must not be freed: those of contents that are
 * being put, and of contents that somebody holds who may append them. Thread-safe.
 *
 * <p>A chunk is pinned before it is looked up, and taken out of the index before the pins are
 * asked. So either the look-up misses it, and stores it again, or the pin is seen.
 */
public final class ContentPins {
  private final IntSupplier place;
  private final Set<Put> puts = ConcurrentHashMap.newKeySet();
  private final Set<WeakReference<StoredContent>> held = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<StoredContent> forgotten = new ReferenceQueue<>();

  /**
   * Creates the pins of a store.
   *
   * @param place returns the last place of its log
   */
  ContentPins(IntSupplier place) {
    this.place = place;
  }

  /** A content that is being put. What it adds lies behind where it started. */
  public final class Put implements AutoCloseable {
    private final int startPlace = place.getAsInt();
    private final Set<ChunkId> known = ConcurrentHashMap.newKeySet();

    private Put() {}

    /** Pins a chunk that may be stored already. */
    public void pin(ChunkId id) {
      known.add(id);
    }

    /** Unpins a chunk that was new. */
    void isNew(ChunkId id) {
      known.remove(id);
    }

    @Override
    public void close() {
      puts.remove(this);
    }
  }

  /** Begins to put a content, or to take chunks that came. */
  public Put begin() {
    Put put = new Put();
    puts.add(put);
    return put;
  }

  /** Pins a content's chunks for as long as anybody holds this very object. */
  public void hold(StoredContent content) {
    for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
      held.remove(gone);
    }
    if (!content.chunks().isEmpty() && Guard.CHUNK_PINS.isOn()) {
      held.add(new WeakReference<>(content, forgotten));
    }
  }

  /** What is pinned. */
  public record Pinned(Set<ChunkId> chunks, int fromPlace) {
    /** Returns whether a chunk whose record is in a place of the log is pinned. */
    public boolean holds(ChunkId id, int place) {
      return place >= fromPlace || chunks.contains(id);
    }
  }

  /** Returns what is pinned now. */
  public Pinned now() {
    Set<ChunkId> chunks = new HashSet<>();
    int from = Integer.MAX_VALUE;
    for (Put put : puts) {
      from = Math.min(from, put.startPlace);
      chunks.addAll(put.known);
    }
    for (WeakReference<StoredContent> each : held) {
      StoredContent content = each.get();
      if (content != null) {
        content.chunks().forEach(chunk -> chunks.add(chunk.id()));
      }
    }
    return new Pinned(chunks, from);
  }
}
