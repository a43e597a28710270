package org.ouroborosdb.store.patch;

import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.identity.Sha512;

/** Finds chunks of a base, looking ahead as far as it remembers. For one thread, forward only. */
final class BaseChunks {
  /** Insertions are found again however long they are, deletions up to this length. */
  private static final long AHEAD_BYTES = 16 << 20;

  private final Cuts cuts;
  private final MessageDigest digest = Sha512.digest();
  private final Map<ChunkId, ArrayDeque<Long>> places = new HashMap<>();
  private final ArrayDeque<Place> inOrder = new ArrayDeque<>();
  private long end;
  private boolean ended;

  private record Place(ChunkId id, long offset) {}

  BaseChunks(Content base) {
    cuts = new Cuts(base.stream());
  }

  /** Returns the first place of a chunk at or behind an offset, which only grows; -1 if unknown. */
  long find(ChunkId id, long from) {
    while (!ended && end < from + AHEAD_BYTES) {
      readOne(true);
    }
    while (!inOrder.isEmpty() && inOrder.peek().offset < from) {
      forget(inOrder.remove());
    }
    ArrayDeque<Long> found = places.get(id);
    return found == null ? -1 : found.peek();
  }

  private void forget(Place place) {
    ArrayDeque<Long> offsets = places.get(place.id);
    if (offsets != null) {
      offsets.remove();
      if (offsets.isEmpty()) {
        places.remove(place.id);
      }
    }
  }

  private void readOne(boolean remember) {
    ended = !cuts.next();
    if (!ended) {
      digest.update(cuts.bytes(), cuts.offset(), cuts.length());
      if (remember) {
        ChunkId id = Sha512.chunkId(cuts.bytes(), cuts.offset(), cuts.length());
        places.computeIfAbsent(id, each -> new ArrayDeque<>(1)).add(end);
        inOrder.add(new Place(id, end));
      }
      end += cuts.length();
    }
  }

  /** Reads the rest and returns the SHA-512 of all. */
  byte[] hash() {
    while (!ended) {
      readOne(false);
    }
    return digest.digest();
  }
}
