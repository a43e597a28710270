package org.ouroborosdb.store.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.ChunkKey;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.index.SetDigest;
import org.ouroborosdb.store.promises.PassingPeer;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;

/** Each answer of a peer that is none to what was asked ends the call, and stores nothing of it. */
class LyingPeerTest {
  private static final int EVENTS = 40;

  private final EventStore there = EmbeddedEventStore.open(StoreOptions.inMemory());
  private final EventStore here = EmbeddedEventStore.open(StoreOptions.inMemory());

  @BeforeEach
  void fill() {
    fill(there, "root", EVENTS);
  }

  /** Adds a root with children, and as many children that are removed again. */
  private static void fill(EventStore store, String title, int count) {
    List<EventId> gone = new ArrayList<>();
    try (Transaction transaction = store.begin()) {
      EventId root = transaction.append(NewEvent.root(title).build());
      for (int i = 0; i < count; i++) {
        StoredContent content = store.put(new byte[] {1, (byte) i});
        transaction.append(NewEvent.child(root).content(content).build());
        gone.add(transaction.append(NewEvent.child(root).temporary().build()));
      }
      transaction.commit();
    }
    try (Transaction transaction = store.begin()) {
      transaction.deleteTemporary(gone);
      transaction.commit();
    }
  }

  @AfterEach
  void close() {
    there.close();
    here.close();
  }

  /** Answers one question otherwise than the honest peer. */
  private static class Liar extends PassingPeer {
    Liar(EventStore store) {
      super(Peer.of(store, "liar"));
    }
  }

  private void refused(String why, Peer liar) {
    try (liar) {
      StoreException refused =
          assertThrows(
              StoreException.class,
              () -> Replicator.of(here).pull(liar, SyncOptions.unbounded()),
              why);
      assertEquals(ErrorCode.PEER_INVALID, refused.code(), refused.getMessage());
      assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
    }
  }

  private Liar ofState(UnaryOperator<Peer.State> lie) {
    return new Liar(there) {
      @Override
      public Peer.State state() {
        return lie.apply(super.state());
      }
    };
  }

  @Test
  void a_state_counts_from_0_and_its_last_change_has_a_number() {
    SetDigest below = new SetDigest(-1, 0, 0);
    refused(
        "counts below 0",
        ofState(s -> new Peer.State(s.storeId(), s.last(), below, s.tombstones())));
    refused(
        "counts below 0", ofState(s -> new Peer.State(s.storeId(), s.last(), s.events(), below)));
    refused(
        "has no number",
        ofState(
            s ->
                new Peer.State(
                    s.storeId(), new Changed(0, false, 1, 1), s.events(), s.tombstones())));
  }

  private Liar ofChanges(UnaryOperator<List<Changed>> lie) {
    return new Liar(there) {
      @Override
      public List<Changed> changes(long after, int most) {
        return lie.apply(super.changes(after, most));
      }
    };
  }

  private static <T> List<T> reversed(List<T> list) {
    List<T> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }

  private static Changed withSeq(Changed change, long seq) {
    return new Changed(seq, change.removal(), change.high(), change.low());
  }

  @Test
  void changes_come_in_order_up_to_the_last_and_no_more_than_asked_for() {
    refused("out of their order", ofChanges(LyingPeerTest::reversed));
    refused("out of their order", ofChanges(list -> List.of(withSeq(list.get(0), 1L << 40))));
    refused(
        "more changes than asked for",
        ofChanges(list -> Collections.nCopies(Peer.MOST_CHANGES + 1, list.get(0))));
  }

  private Liar ofRecords(Function<List<byte[]>, List<byte[]>> lie) {
    return new Liar(there) {
      @Override
      public List<byte[]> records(long[] seqs) {
        return lie.apply(super.records(seqs));
      }
    };
  }

  @Test
  void records_are_those_asked_for_and_fit_into_an_answer() {
    refused("0 records", ofRecords(records -> List.of()));
    refused(
        "records of",
        ofRecords(
            records -> {
              List<byte[]> more = new ArrayList<>(records);
              more.addAll(records);
              return more;
            }));
    refused(
        "more records than fit",
        ofRecords(records -> List.of(new byte[Peer.MOST_BYTES], new byte[1])));
    // Tombstones are asked for first.
    refused("names no id", ofRecords(records -> List.of(new byte[EventId.BYTES - 1])));
    refused("another tombstone", ofRecords(LyingPeerTest::reversed));
    refused(
        "another event",
        ofRecords(records -> records.get(0).length == EventId.BYTES ? records : reversed(records)));
    refused(
        "record of it is none",
        ofRecords(
            records -> records.get(0).length == EventId.BYTES ? records : List.of(new byte[100])));
  }

  @Test
  void an_ancestor_is_the_one_asked_for() {
    EventId other = there.append(NewEvent.root("other").build());
    Liar liar =
        new Liar(there) {
          @Override
          public List<Changed> changes(long after, int most) {
            List<Changed> all = super.changes(after, most);
            return all.subList(1, all.size()); // the root of all of them
          }

          @Override
          public byte @Nullable [] event(EventId id) {
            return super.event(other);
          }
        };
    refused("another event than asked for", liar);
  }

  private Liar ofChunks(UnaryOperator<List<Peer.Frame>> lie) {
    return new Liar(there) {
      @Override
      public List<Frame> chunks(List<ChunkKey> keys) {
        return lie.apply(super.chunks(keys));
      }
    };
  }

  private static Peer.Frame frame(List<Integer> places, byte[] stored) {
    return new Peer.Frame(places, (byte) 0, stored);
  }

  @Test
  void chunks_are_those_asked_for_and_have_their_names() {
    refused("0 frames", ofChunks(frames -> List.of()));
    refused("frames for", ofChunks(frames -> Collections.nCopies(EVENTS + 1, frames.get(0))));
    refused("wrong length", ofChunks(frames -> List.of(frame(List.of(), new byte[0]))));
    for (int unasked : new int[] {-1, 1 << 20, Integer.MIN_VALUE}) {
      refused("not asked for", ofChunks(frames -> List.of(frame(List.of(unasked), new byte[2]))));
    }
    refused("not asked for", ofChunks(frames -> List.of(frame(List.of(0, 1, 0), new byte[2]))));
    refused(
        "another SHA-512",
        ofChunks(frames -> List.of(frame(frames.get(0).places().subList(0, 1), new byte[2]))));
    refused(
        "cannot be opened",
        ofChunks(
            frames -> List.of(new Peer.Frame(frames.get(0).places(), (byte) 99, new byte[2]))));
  }

  @Test
  void a_frame_makes_no_more_than_a_group_has() {
    List<ChunkRef> chunks = new ArrayList<>();
    for (int i = 0; i <= Limits.MAX_GROUP_BYTES / Limits.MAX_CHUNK_BYTES; i++) {
      byte[] bytes = new byte[Limits.MAX_CHUNK_BYTES];
      bytes[0] = (byte) i;
      chunks.addAll(there.put(bytes).chunks());
    }
    there.append(NewEvent.root("large").content(new StoredContent(chunks)).build());
    refused(
        "wrong length",
        ofChunks(
            frames -> {
              List<Integer> all = frames.stream().flatMap(f -> f.places().stream()).toList();
              long length = (long) all.size() * Limits.MAX_CHUNK_BYTES;
              return length > Limits.MAX_GROUP_BYTES ? List.of(frame(all, new byte[9])) : frames;
            }));
  }

  private void makeThemDiffer() {
    fill(here, "here", 3 * EVENTS);
  }

  private Liar ofDigests(UnaryOperator<List<SetDigest>> lie) {
    return new Liar(there) {
      @Override
      public List<SetDigest> digests(boolean removals, List<IdRange> ranges) {
        return lie.apply(super.digests(removals, ranges));
      }
    };
  }

  @Test
  void digests_are_as_many_as_asked_for_and_add_up() {
    makeThemDiffer();
    refused("another number of digests", ofDigests(digests -> digests.subList(1, digests.size())));
    refused(
        "counts below 0",
        ofDigests(digests -> Collections.nCopies(digests.size(), new SetDigest(-1, 0, 0))));
    refused(
        "do not add up",
        ofDigests(digests -> Collections.nCopies(digests.size(), SetDigest.EMPTY)));
  }

  private Liar ofLists(UnaryOperator<List<Changed>> lie) {
    return new Liar(there) {
      @Override
      public List<Changed> list(
          boolean removals, IdRange range, @Nullable Changed after, int most) {
        return lie.apply(super.list(removals, range, after, most));
      }
    };
  }

  private static List<Changed> each(List<Changed> list, UnaryOperator<Changed> lie) {
    return list.stream().map(lie).toList();
  }

  @Test
  void lists_are_of_their_range_in_order_and_add_up() {
    makeThemDiffer();
    String order = "ids are out of their order";
    refused(order, ofLists(list -> each(list, c -> withSeq(c, 0))));
    refused(order, ofLists(list -> each(list, c -> withSeq(c, 1L << 40))));
    refused(
        order,
        ofLists(list -> each(list, c -> new Changed(c.seq(), !c.removal(), c.high(), c.low()))));
    refused(
        order,
        ofLists(list -> each(list, c -> new Changed(c.seq(), c.removal(), ~c.high(), c.low()))));
    refused(order, ofLists(list -> list.isEmpty() ? list : List.of(list.get(0), list.get(0))));
    refused(
        "more ids than asked for",
        ofLists(
            list ->
                list.isEmpty() ? list : Collections.nCopies(Peer.MOST_CHANGES + 1, list.get(0))));
    refused("lists do not add up", ofLists(list -> List.of()));
  }

  @Test
  void ids_that_begin_alike_come_in_the_order_of_what_follows() {
    makeThemDiffer();
    refused(
        "do not add up",
        ofLists(
            list ->
                list.isEmpty()
                    ? list
                    : List.of(
                        list.get(0),
                        new Changed(
                            list.get(0).seq(),
                            list.get(0).removal(),
                            list.get(0).high(),
                            Long.MAX_VALUE))));
  }

  @Test
  void an_honest_peer_with_the_same_contents_is_believed() {
    makeThemDiffer();
    try (Peer honest = Peer.of(there, "honest")) {
      assertTrue(Replicator.of(here).pull(honest, SyncOptions.unbounded()).complete());
    }
    assertEquals(1 + EVENTS + 1 + 3 * EVENTS, here.statistics().events());
  }
}
