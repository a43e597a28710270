package org.ouroborosdb.store.replication;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.identity.EventCodec;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.ChunkKey;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.index.SetDigest;

/**
 * Asks a peer, and lets nothing through that is not an answer to what was asked: lengths, orders,
 * counts, and every event against its id. For one thread.
 */
final class CheckedPeer {
  // What a plain encoding takes; FORMAT.md's integers.
  private static final int SEQ_BYTES = Long.BYTES;
  private static final int KEY_BYTES = 2 * Long.BYTES;
  private static final int CHANGE_BYTES = SEQ_BYTES + 1 + KEY_BYTES;
  private static final int RANGE_BYTES = Long.BYTES + 2;
  private static final int DIGEST_BYTES = 3 * Long.BYTES;
  private static final int LENGTH_BYTES = Integer.BYTES;
  private static final int PLACE_BYTES = Short.BYTES; // ChunkArrivals asks for 1,024 at most
  private static final int FRAME_BYTES = 1 + LENGTH_BYTES + PLACE_BYTES;
  private static final int STATE_BYTES = 16 + CHANGE_BYTES + 2 * DIGEST_BYTES;

  private final Peer peer;
  private long received;
  private long sent;

  CheckedPeer(Peer peer) {
    this.peer = peer;
  }

  /** Returns the bytes of answers so far, as a plain encoding has them. */
  long received() {
    return received;
  }

  /** Returns the bytes of questions so far. */
  long sent() {
    return sent;
  }

  String name() {
    return peer.name();
  }

  Peer.State state() {
    Peer.State state = ask(peer::state);
    Changed last = state.last();
    require(last == null || last.seq() > 0, "its last change has no number");
    require(state.events().count() >= 0 && state.tombstones().count() >= 0, "it counts below 0");
    received += STATE_BYTES;
    return state;
  }

  List<Changed> changes(long after, long last, int most) {
    List<Changed> changes =
        list(
            () -> peer.changes(after, most),
            0,
            most,
            count -> "it lists more changes than asked for");
    sent += SEQ_BYTES;
    received += (long) CHANGE_BYTES * changes.size();
    long before = after;
    for (Changed change : changes) {
      require(change.seq() > before && change.seq() <= last, "its changes are out of their order");
      before = change.seq();
    }
    return changes;
  }

  /** Returns some of the first events or tombstones asked for. */
  private List<byte[]> records(List<Changed> changes) {
    long[] seqs = changes.stream().mapToLong(Changed::seq).toArray();
    List<byte[]> records =
        list(
            () -> peer.records(seqs),
            1,
            seqs.length,
            count -> "it sends " + count + " records of " + seqs.length);
    sent += (long) SEQ_BYTES * changes.size();
    long bytes = 0;
    for (byte[] record : records) {
      bytes += record.length;
      require(bytes <= Peer.MOST_BYTES || records.size() == 1, "it sends more records than fit");
      received += LENGTH_BYTES + record.length;
    }
    return records;
  }

  List<SealedEvent> events(List<Changed> changes) {
    List<SealedEvent> events = new ArrayList<>();
    for (byte[] record : records(changes)) {
      SealedEvent event = decode(record);
      require(changes.get(events.size()).fits(event.id()), "it sends another event than asked for");
      events.add(event);
    }
    return events;
  }

  List<EventId> targets(List<Changed> changes) {
    List<EventId> targets = new ArrayList<>();
    for (byte[] record : records(changes)) {
      require(record.length == EventId.BYTES, "a tombstone of it names no id");
      EventId target = EventId.of(record);
      require(changes.get(targets.size()).fits(target), "it sends another tombstone");
      targets.add(target);
    }
    return targets;
  }

  /** Returns an event, which the peer must have. */
  SealedEvent event(EventId id) {
    byte[] record = askOrNull(() -> peer.event(id));
    sent += EventId.BYTES;
    if (record == null) {
      throw invalid("it lacks an event that one of its own hangs under", null);
    }
    received += LENGTH_BYTES + record.length;
    SealedEvent event = decode(record);
    require(event.id().equals(id), "it sends another event than asked for");
    return event;
  }

  private static SealedEvent decode(byte[] record) {
    require(record.length <= Limits.MAX_EVENT_RECORD_BYTES, "an event record of it is too long");
    try {
      return EventCodec.decodeVerified(record);
    } catch (StoreException e) {
      throw invalid("an event record of it is none", e);
    }
  }

  /** Takes a chunk's plain bytes; returns whether they have its name. */
  @FunctionalInterface
  interface ChunkTarget {
    boolean store(ChunkId id, byte[] bytes, int offset, int length);
  }

  /** Hands over some of the chunks asked for, and returns their ids. */
  Set<ChunkId> chunks(List<ChunkRef> chunks, ChunkTarget target) {
    List<ChunkKey> keys = chunks.stream().map(chunk -> ChunkKey.of(chunk.id())).toList();
    List<Peer.Frame> frames =
        list(
            () -> peer.chunks(keys),
            1,
            keys.size(),
            count -> "it sends " + count + " frames for " + keys.size() + " chunks");
    sent += (long) KEY_BYTES * chunks.size();
    BitSet left = new BitSet();
    left.set(0, chunks.size());
    Set<ChunkId> brought = new HashSet<>();
    for (Peer.Frame frame : frames) {
      received += FRAME_BYTES + frame.stored().length + (long) PLACE_BYTES * frame.places().size();
      open(frame, taken(frame, chunks, left), target, brought);
    }
    return brought;
  }

  /** Returns the chunks that a frame says it holds, which are no longer left to come. */
  private static List<ChunkRef> taken(Peer.Frame frame, List<ChunkRef> chunks, BitSet left) {
    List<ChunkRef> taken = new ArrayList<>();
    for (int place : frame.places()) {
      require(place >= 0 && left.get(place), "it sends a chunk that was not asked for");
      left.clear(place);
      taken.add(chunks.get(place));
    }
    return taken;
  }

  private static void open(
      Peer.Frame frame, List<ChunkRef> chunks, ChunkTarget target, Set<ChunkId> brought) {
    long rawLength = chunks.stream().mapToLong(ChunkRef::length).sum();
    require(
        rawLength > 0 && rawLength <= Limits.MAX_GROUP_BYTES, "a frame of it has a wrong length");
    byte[] plain = plain(frame, (int) rawLength);
    int offset = 0;
    for (ChunkRef chunk : chunks) {
      require(
          target.store(chunk.id(), plain, offset, chunk.length()),
          "a chunk of it has another SHA-512");
      brought.add(chunk.id());
      offset += chunk.length();
    }
  }

  private static byte[] plain(Peer.Frame frame, int rawLength) {
    try {
      return Compression.decompress(frame.codec(), ByteBuffer.wrap(frame.stored()), rawLength);
    } catch (StoreException e) {
      throw invalid("a frame of it cannot be opened", e);
    }
  }

  List<SetDigest> digests(boolean removals, List<IdRange> ranges) {
    List<SetDigest> digests =
        list(
            () -> peer.digests(removals, ranges),
            ranges.size(),
            ranges.size(),
            count -> "it sends another number of digests");
    sent += (long) RANGE_BYTES * ranges.size();
    received += (long) DIGEST_BYTES * digests.size();
    for (SetDigest digest : digests) {
      require(digest.count() >= 0, "it counts below 0");
    }
    return digests;
  }

  List<Changed> list(boolean removals, IdRange range, @Nullable Changed after, long last) {
    List<Changed> changes =
        list(
            () -> peer.list(removals, range, after, Peer.MOST_CHANGES),
            0,
            Peer.MOST_CHANGES,
            count -> "it lists more ids than asked for");
    sent += RANGE_BYTES + KEY_BYTES;
    received += (long) CHANGE_BYTES * changes.size();
    Changed before = after;
    for (Changed change : changes) {
      require(
          range.contains(change.high())
              && change.removal() == removals
              && change.seq() > 0
              && change.seq() <= last
              && (before == null || isAbove(change, before)),
          "its ids are out of their order");
      before = change;
    }
    return changes;
  }

  private static boolean isAbove(Changed one, Changed other) {
    return one.high() != other.high() ? one.high() > other.high() : one.low() > other.low();
  }

  /** Copies a list of a peer, once its length is known to be one that was asked for. */
  private static <T> List<T> list(
      Supplier<List<T>> question, int least, int most, IntFunction<String> why) {
    List<T> answer = ask(question);
    int count = answer.size();
    require(count >= least && count <= most, why.apply(count));
    return ask(() -> List.copyOf(answer));
  }

  private static <T> T ask(Supplier<T> question) {
    T answer = askOrNull(question);
    if (answer == null) {
      throw invalid("it gives no answer", null);
    }
    return answer;
  }

  /** Asks; whatever a peer throws that is no failure of a store is its own fault. */
  private static <T extends @Nullable Object> T askOrNull(Supplier<T> question) {
    try {
      return question.get();
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      throw invalid("it fails: " + e, e);
    }
  }

  /**
   * Refuses the peer unless something holds.
   *
   * @throws StoreException {@link ErrorCode#PEER_INVALID}
   */
  static void require(boolean kept, String why) {
    if (!kept) {
      throw invalid(why, null);
    }
  }

  private static StoreException invalid(String why, @Nullable Exception cause) {
    return new StoreException(
        ErrorCode.PEER_INVALID, "the other store cannot be trusted: " + why, cause);
  }
}
