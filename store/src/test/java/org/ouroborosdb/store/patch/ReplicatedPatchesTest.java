package org.ouroborosdb.store.patch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.identity.EventCodec;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.promises.PassingPeer;
import org.ouroborosdb.store.replication.Peer;
import org.ouroborosdb.store.replication.Replicator;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;

/** PATCHes on their way from one store to another: applied before they are taken. */
class ReplicatedPatchesTest {
  private static final int LENGTH = 300_000;

  @TempDir private Path directory;
  private final Random random = new Random(1);
  private EventStore a;
  private EventStore b;

  @BeforeEach
  void open() {
    a = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("a")));
    b = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("b")));
  }

  @AfterEach
  void close() {
    a.close();
    b.close();
  }

  private byte[] bytes() {
    byte[] bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    return bytes;
  }

  private static EventRow row(Snapshot snapshot, EventId id) {
    return Objects.requireNonNull(snapshot.find(id));
  }

  private static long pull(EventStore to, Peer peer) {
    return Replicator.of(to).pull(peer, SyncOptions.unbounded()).events();
  }

  private long pull() {
    try (Peer peer = Peer.of(a, "a")) {
      return pull(b, peer);
    }
  }

  private static void assertReads(byte[] expected, Snapshot snapshot, EventId id) {
    EventRow row = row(snapshot, id);
    assertEquals(EventType.PATCH, row.type());
    assertEquals(expected.length, row.contentLength());
    assertArrayEquals(expected, snapshot.content(row).orElseThrow().readAll(1 << 20));
  }

  /** Appends PATCHes to a store, and the contents that they make to a list. */
  private List<EventId> chain(EventId from, byte[] first, int count, List<byte[]> contents) {
    List<EventId> versions = new ArrayList<>();
    byte[] content = first;
    EventId version = from;
    for (int i = 0; i < count; i++) {
      content = PatchesTest.edited(random, content, 2);
      version = a.append(NewEvent.patch(version, new ByteArrayInputStream(content)).build());
      versions.add(version);
      contents.add(content);
    }
    return versions;
  }

  @Test
  void a_chain_reads_the_same_in_the_other_store_whether_it_comes_at_once_or_behind_its_base() {
    byte[] first = bytes();
    EventId base = a.append(NewEvent.root("file").content(a.put(first)).build());
    List<byte[]> contents = new ArrayList<>();
    List<EventId> versions = new ArrayList<>(chain(base, first, 3, contents));
    assertEquals(4, pull());
    versions.addAll(chain(versions.get(2), contents.get(2), 5, contents));
    assertEquals(5, pull());
    check(versions, contents);
    b.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
    check(versions, contents);
  }

  private void check(List<EventId> versions, List<byte[]> contents) {
    try (Snapshot snapshot = b.snapshot()) {
      for (int i = 0; i < versions.size(); i++) {
        EventRow row = row(snapshot, versions.get(i));
        assertReads(contents.get(i), snapshot, versions.get(i));
        try (Snapshot past = snapshot.asOfLevel(row.level())) {
          assertReads(contents.get(i), past, versions.get(i));
          assertNull(i + 1 < versions.size() ? past.find(versions.get(i + 1)) : null);
        }
        try (Snapshot past = snapshot.asOfSeq(row.seq())) {
          assertReads(contents.get(i), past, versions.get(i));
        }
      }
    }
    assertTrue(b.verify(Cancellation.create(), ProgressListener.NONE).isSound());
  }

  @Test
  void one_that_does_not_apply_is_refused_and_nothing_of_it_is_stored() {
    byte[] first = bytes();
    EventId base = a.append(NewEvent.root("file").content(a.put(first)).build());
    List<EventId> chain = chain(base, first, Limits.MAX_PATCHES, new ArrayList<>());
    EventId last = chain.get(chain.size() - 1);
    EventId removed = a.append(NewEvent.remove(base).build());
    byte[] sound = HostileDelta.delta(first, PatchesTest.edited(random, first, 2));
    pull();
    assertRefused(base, bent(sound, 0)); // a window
    assertRefused(base, bent(sound, sound.length - DeltaEnd.BYTES)); // the base's hash
    assertRefused(base, bent(sound, sound.length - DeltaEnd.BYTES + DeltaEnd.HASH_BYTES));
    assertRefused(base, bent(sound, sound.length - DeltaEnd.BYTES + 2 * DeltaEnd.HASH_BYTES));
    assertRefused(base, new byte[0]);
    assertRefused(base, null);
    assertRefused(chain.get(0), sound); // another base
    assertRefused(removed, sound); // no base
    assertRefused(last, sound); // a ninth
    SealedEvent honest = forged(base, sound);
    try (Peer peer = new Forger(Peer.of(a, "a"), honest)) {
      assertEquals(2, pull(b, peer));
    }
    try (Snapshot snapshot = b.snapshot()) {
      assertEquals(EventType.PATCH, row(snapshot, honest.id()).type());
    }
  }

  private static byte[] bent(byte[] bytes, int at) {
    byte[] bent = bytes.clone();
    bent[at]++;
    return bent;
  }

  /** Returns a PATCH that no store has checked; the peer's last event has its content. */
  private SealedEvent forged(EventId parent, byte @Nullable [] delta) {
    StoredContent content = delta == null ? null : a.put(delta);
    a.append(NewEvent.root("bytes " + random.nextLong()).content(content).build());
    try (Snapshot snapshot = a.snapshot()) {
      long level = row(snapshot, parent).level() + 1;
      NewEvent patch = NewEvent.of(EventType.PATCH, parent).content(content).build();
      byte[] salt = new byte[SealedEvent.SALT_BYTES];
      return SealedEvent.seal(patch, a.id(), level, null, salt);
    }
  }

  private void assertRefused(EventId parent, byte @Nullable [] delta) {
    SealedEvent forged = forged(parent, delta);
    try (Peer peer = new Forger(Peer.of(a, "a"), forged)) {
      StoreException e = assertThrows(StoreException.class, () -> pull(b, peer));
      assertEquals(ErrorCode.PEER_INVALID, e.code());
      assertTrue(String.valueOf(e.getMessage()).contains("rule: a PATCH"), e.getMessage());
    }
    try (Snapshot snapshot = b.snapshot()) {
      assertNull(snapshot.find(forged.id()));
    }
    assertTrue(b.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    pull(); // what the peer has in truth
  }

  /** Gives a forged event for the last one, until it is asked for differences. */
  private static final class Forger extends PassingPeer {
    private final SealedEvent forged;
    private final long seq;
    private boolean honest;

    Forger(Peer peer, SealedEvent forged) {
      super(peer);
      this.forged = forged;
      this.seq = Objects.requireNonNull(peer.state().last()).seq();
    }

    @Override
    public Peer.State state() {
      Peer.State state = super.state();
      Changed last = Changed.of(forged.id(), seq, false);
      return new Peer.State(state.storeId(), last, state.events(), state.tombstones());
    }

    @Override
    public List<Changed> changes(long after, int most) {
      return super.changes(after, most).stream()
          .map(change -> change.seq() == seq ? Changed.of(forged.id(), seq, false) : change)
          .toList();
    }

    @Override
    public List<Changed> list(boolean removals, IdRange range, @Nullable Changed after, int most) {
      honest = true;
      return super.list(removals, range, after, most);
    }

    @Override
    public List<byte[]> records(long[] seqs) {
      boolean forge = seqs[0] == seq && !honest;
      return List.of(forge ? EventCodec.encode(forged) : super.records(seqs).get(0));
    }
  }
}
