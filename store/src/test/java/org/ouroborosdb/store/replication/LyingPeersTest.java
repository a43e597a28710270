package org.ouroborosdb.store.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.identity.EventCodec;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.identity.Sha512;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.ChunkKey;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.index.SetDigest;
import org.ouroborosdb.store.promises.PassingPeer;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;

/** One kind of lie each: it costs the call, and nothing that is wrong is stored. */
class LyingPeersTest extends LyingPeers {
  @Test
  void changes_out_of_their_order_twice_backwards_or_beyond_the_last_are_refused() {
    refused(
        changing(
            changes -> {
              Collections.reverse(changes);
              return changes;
            }));
    refused(changing(changes -> with(changes, 5, changes.get(4))));
    refused(changing(c -> with(c, 5, new Changed(-3, false, c.get(5).high(), 0))));
    refused(changing(c -> with(c, EVENTS - 1, new Changed(EVENTS + 9, false, 1, 1))));
  }

  @Test
  void changes_that_are_kept_back_or_made_up_are_refused() {
    refused(
        new Liar() {
          @Override
          public List<Changed> changes(long after, int most) {
            return List.of();
          }

          @Override
          public List<Changed> list(
              boolean removals, IdRange range, @Nullable Changed after, int most) {
            return List.of();
          }
        });
    refused(changing(c -> with(c, 3, new Changed(c.get(3).seq(), false, 77, 77))));
    refused(changing(c -> with(c, 3, new Changed(c.get(3).seq(), true, 77, 77))));
  }

  /** A list that has no end, or says so. */
  private static <T> List<T> endless(T value) {
    return new AbstractList<>() {
      @Override
      public T get(int index) {
        return value;
      }

      @Override
      public int size() {
        return Integer.MAX_VALUE;
      }
    };
  }

  @Test
  void lists_longer_than_asked_for_are_refused_before_they_are_read() {
    refused(changing(changes -> endless(changes.get(0))));
    refused(
        new Liar() {
          @Override
          public List<byte[]> records(long[] seqs) {
            return endless(super.records(seqs).get(0));
          }
        });
    refused(
        new Liar() {
          @Override
          public List<Frame> chunks(List<ChunkKey> keys) {
            return endless(super.chunks(keys).get(0));
          }
        });
    refused(
        new Liar() {
          @Override
          public List<Changed> changes(long after, int most) {
            return List.of(); // so that ranges are compared
          }

          @Override
          public List<Changed> list(
              boolean removals, IdRange range, @Nullable Changed after, int most) {
            return endless(new Changed(1, removals, 0, 0));
          }
        });
  }

  private Liar recording(UnaryOperator<List<byte[]>> lie) {
    return new Liar() {
      @Override
      public List<byte[]> records(long[] seqs) {
        return lie.apply(new ArrayList<>(super.records(seqs)));
      }
    };
  }

  private static byte[] bent(byte[] bytes, int at) {
    byte[] bent = bytes.clone();
    bent[at] ^= 1;
    return bent;
  }

  @Test
  void records_that_are_others_bent_cut_or_missing_are_refused() {
    refused(recording(records -> with(records, 2, records.get(3))));
    refused(recording(records -> with(records, 2, bent(records.get(2), 40))));
    refused(recording(records -> with(records, 2, Arrays.copyOf(records.get(2), 30))));
    refused(recording(records -> with(records, 2, new byte[0])));
    refused(recording(records -> List.of()));
    refused(
        recording(
            records -> {
              records.add(records.get(0));
              return records;
            }));
  }

  private static List<byte[]> with(List<byte[]> records, int at, byte[] record) {
    records.set(at, record);
    return records;
  }

  private Liar framing(UnaryOperator<Peer.Frame> lie) {
    return new Liar() {
      @Override
      public List<Frame> chunks(List<ChunkKey> keys) {
        return super.chunks(keys).stream().map(lie).toList();
      }
    };
  }

  @Test
  void chunks_of_other_bytes_lengths_or_codecs_are_refused() {
    refused(framing(f -> new Peer.Frame(f.places(), (byte) 0, new byte[f.stored().length])));
    refused(framing(f -> new Peer.Frame(f.places(), (byte) 99, f.stored())));
    refused(framing(f -> new Peer.Frame(f.places(), f.codec(), new byte[0])));
    refused(framing(f -> new Peer.Frame(f.places(), f.codec(), bent(f.stored(), 9))));
    refused(framing(f -> new Peer.Frame(List.of(), f.codec(), f.stored())));
    refused(framing(f -> new Peer.Frame(twice(f.places()), f.codec(), f.stored())));
    refused(framing(f -> new Peer.Frame(shifted(f.places()), f.codec(), f.stored())));
    for (int place : new int[] {-1, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      refused(framing(f -> new Peer.Frame(List.of(place), f.codec(), f.stored())));
    }
    refused(
        new Liar() {
          @Override
          public List<Frame> chunks(List<ChunkKey> keys) {
            return List.of();
          }
        });
  }

  private static List<Integer> shifted(List<Integer> places) {
    return places.stream().map(place -> place + 1).toList();
  }

  private static <T> List<T> twice(List<T> list) {
    List<T> twice = new ArrayList<>(list);
    twice.addAll(list);
    return twice;
  }

  @Test
  void digests_that_do_not_add_up_or_count_below_nothing_are_refused() {
    SetDigest some = new SetDigest(7, 7, 7);
    refused(stating(some, SetDigest.EMPTY, EVENTS));
    refused(stating(SetDigest.EMPTY, some, EVENTS));
    refused(stating(new SetDigest(-1, 0, 0), SetDigest.EMPTY, EVENTS));
    refused(stating(some, SetDigest.EMPTY, -5));
    refused(stating(some, SetDigest.EMPTY, Long.MAX_VALUE));
  }

  private Liar stating(SetDigest events, SetDigest tombstones, long last) {
    return new Liar() {
      @Override
      public Peer.State state() {
        Changed change = new Changed(last, false, 1, 1);
        return new Peer.State(super.state().storeId(), change, events, tombstones);
      }
    };
  }

  @Test
  void a_peer_that_throws_or_gives_nothing_costs_the_call() {
    refused(
        changing(
            changes -> {
              throw new IllegalStateException("midway");
            }));
    refused(
        recording(
            records -> {
              throw new ArithmeticException();
            }));
    refused(changing(changes -> Collections.nCopies(3, null)));
    refused(
        new Liar() {
          @Override
          @SuppressWarnings("NullAway") // as a hostile implementation may
          public List<Frame> chunks(List<ChunkKey> keys) {
            return null;
          }
        });
    Liar failing =
        recording(
            records -> {
              throw new StoreException(ErrorCode.IO_FAILED, "the line is cut");
            });
    assertEquals(
        ErrorCode.IO_FAILED, assertThrows(StoreException.class, () -> pull(failing)).code());
  }

  /** A peer of one root, made up whole, whatever the rules say. */
  private static final class Forger implements Peer {
    private final List<SealedEvent> events;
    private final byte[] bytes;
    private final WriterId id = new WriterId(1, 2);

    Forger(byte[] bytes, SealedEvent... events) {
      this.events = List.of(events);
      this.bytes = bytes;
    }

    private List<Changed> all() {
      List<Changed> all = new ArrayList<>();
      for (SealedEvent event : events) {
        all.add(Changed.of(event.id(), all.size() + 1, false));
      }
      return all;
    }

    @Override
    public String name() {
      return "forger";
    }

    @Override
    public State state() {
      SetDigest digest = SetDigest.EMPTY;
      for (Changed change : all()) {
        digest = digest.with(change);
      }
      return new State(id, all().get(events.size() - 1), digest, SetDigest.EMPTY);
    }

    @Override
    public List<Changed> changes(long after, int most) {
      return all().subList((int) after, events.size());
    }

    @Override
    public List<byte[]> records(long[] seqs) {
      return Arrays.stream(seqs)
          .mapToObj(seq -> EventCodec.encode(events.get((int) seq - 1)))
          .toList();
    }

    @Override
    public byte @Nullable [] event(EventId wanted) {
      return null;
    }

    @Override
    public List<Frame> chunks(List<ChunkKey> keys) {
      return List.of(new Frame(List.of(0), (byte) 0, bytes));
    }

    @Override
    public List<SetDigest> digests(boolean removals, List<IdRange> ranges) {
      return Collections.nCopies(ranges.size(), SetDigest.EMPTY);
    }

    @Override
    public List<Changed> list(boolean removals, IdRange range, @Nullable Changed after, int most) {
      return List.of();
    }

    @Override
    public void close() {}
  }

  private static ChunkRef chunk(byte[] bytes) {
    return new ChunkRef(Sha512.chunkId(bytes, 0, bytes.length), bytes.length);
  }

  private static SealedEvent sealed(NewEvent.Builder event, long level, byte @Nullable [] bytes) {
    StoredContent metadata = bytes == null ? null : new StoredContent(List.of(chunk(bytes)));
    byte[] salt = new byte[SealedEvent.SALT_BYTES];
    return SealedEvent.seal(event.build(), new WriterId(3, 4), level, metadata, salt);
  }

  private void refusedWhole(Forger forger) {
    StoreException e = assertThrows(StoreException.class, () -> pull(forger));
    assertEquals(ErrorCode.PEER_INVALID, e.code(), () -> String.valueOf(e));
    try (Snapshot snapshot = store.snapshot()) {
      forger.events.forEach(event -> assertNull(snapshot.find(event.id())));
    }
  }

  @Test
  void metadata_is_taken_only_if_it_is_text() {
    byte[] text = "{\"name\":\"\u00e9\"}".getBytes(StandardCharsets.UTF_8);
    byte[] noText = text.clone();
    noText[10] = (byte) 0xff;
    refusedWhole(new Forger(noText, sealed(NewEvent.root("r"), 9, noText)));
    SealedEvent sound = sealed(NewEvent.root("r"), 9, text);
    pull(new Forger(text, sound));
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(9, Objects.requireNonNull(snapshot.find(sound.id())).level());
    }
  }

  @Test
  void a_title_that_is_no_text_is_refused() {
    SealedEvent event = sealed(NewEvent.root("ZZZZ"), 9, null);
    byte[] record = EventCodec.encode(event);
    int at = new String(record, StandardCharsets.ISO_8859_1).indexOf("ZZZZ");
    record[at] = (byte) 0xff;
    Peer peer =
        new PassingPeer(new Forger(new byte[0], event)) {
          @Override
          public List<byte[]> records(long[] seqs) {
            return List.of(record);
          }
        };
    StoreException e = assertThrows(StoreException.class, () -> pull(peer));
    assertEquals(ErrorCode.PEER_INVALID, e.code());
  }

  @Test
  void an_event_that_breaks_a_rule_is_refused() {
    SealedEvent root = sealed(NewEvent.root("r"), 9, null);
    SealedEvent sameLevel = sealed(NewEvent.child(root.id()), 9, null);
    SealedEvent sound = sealed(NewEvent.child(root.id()), 10, null);
    refusedWhole(new Forger(new byte[0], sealed(NewEvent.root("r"), Long.MAX_VALUE, null)));
    refusedWhole(new Forger(new byte[0], root, sameLevel));
    refusedWhole(
        new Forger(new byte[0], sealed(NewEvent.of(EventType.PATCH, root.id()), 10, null)));
    refusedWhole(new Forger(new byte[0], sound)); // its parent cannot be had
    pull(new Forger(new byte[0], root, sound));
    refusedWhole(new Forger(new byte[0], sealed(NewEvent.child(sound.id()), 10, null)));
  }

  @Test
  void one_chunk_of_two_lengths_in_one_answer_is_refused() {
    byte[] bytes = "\"m\"".getBytes(StandardCharsets.UTF_8);
    ChunkRef longer = new ChunkRef(chunk(bytes).id(), 9);
    for (List<ChunkRef> lie : List.of(List.of(longer), List.of(longer, chunk(bytes)))) {
      SealedEvent root = sealed(NewEvent.root("r").content(new StoredContent(lie)), 9, bytes);
      refusedWhole(new Forger(bytes, root));
    }
    SealedEvent sound = sealed(NewEvent.root("r"), 9, bytes);
    SealedEvent below =
        sealed(NewEvent.child(sound.id()).content(new StoredContent(List.of(longer))), 10, null);
    refusedWhole(new Forger(bytes, sound, below));
    pull(new Forger(bytes, sound));
  }

  /** Removals of events that nobody knows, as many as are asked for. */
  private static final class Removals extends PassingPeer {
    private long given;

    Removals(Peer peer) {
      super(peer);
    }

    private static EventId target(long seq) {
      return EventId.of(
          Arrays.copyOf(Long.toHexString(seq).getBytes(StandardCharsets.US_ASCII), 64));
    }

    @Override
    public State state() {
      Changed last = Changed.of(target(Long.MAX_VALUE), Long.MAX_VALUE, true);
      return new State(
          new WriterId(5, 6), last, SetDigest.EMPTY, new SetDigest(Long.MAX_VALUE, 1, 1));
    }

    @Override
    public List<Changed> changes(long after, int most) {
      List<Changed> changes = new ArrayList<>();
      for (long seq = after + 1; seq <= after + most; seq++) {
        changes.add(Changed.of(target(seq), seq, true));
      }
      return changes;
    }

    @Override
    public List<byte[]> records(long[] seqs) {
      given += seqs.length;
      return Arrays.stream(seqs).mapToObj(seq -> target(seq).toBytes()).toList();
    }
  }

  @Test
  void removals_of_unknown_events_without_end_find_one() {
    Removals peer = new Removals(Peer.of(honest, "endless"));
    Replicator replicator = Replicator.of(store, Clock.systemUTC(), 5_000);
    StoreException e =
        assertThrows(StoreException.class, () -> replicator.pull(peer, SyncOptions.unbounded()));
    peer.close();
    assertEquals(ErrorCode.LIMIT_EXCEEDED, e.code());
    assertTrue(peer.given <= 5_000 + 256, () -> "" + peer.given);
    pull(Peer.of(honest, "honest"));
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(EVENTS, snapshot.eventCount());
    }
  }
}
