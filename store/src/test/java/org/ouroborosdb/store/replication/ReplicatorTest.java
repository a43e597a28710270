package org.ouroborosdb.store.replication;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.index.SetDigest;
import org.ouroborosdb.store.kv.KeyValueStore;
import org.ouroborosdb.store.promises.PassingPeer;
import org.ouroborosdb.store.replication.ChangeFeed.Change;
import org.ouroborosdb.store.replication.Replicator.ReplicaInfo;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;
import org.ouroborosdb.store.replication.Replicator.SyncReport;
import org.ouroborosdb.store.replication.Replicator.SyncResult;
import org.ouroborosdb.store.versions.Conflicts;
import org.ouroborosdb.store.versions.VersionState;

/** Two stores on disk that take from each other. */
class ReplicatorTest {
  @TempDir Path directory;
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

  private SyncResult sync() {
    return Replicator.of(a).sync(b, "b", "a", SyncOptions.unbounded());
  }

  private static SyncReport pull(EventStore to, EventStore from) {
    try (Peer peer = Peer.of(from, "peer")) {
      return Replicator.of(to).pull(peer, SyncOptions.unbounded());
    }
  }

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] content(EventStore store, EventId id) {
    try (Snapshot snapshot = store.snapshot()) {
      EventRow row = Objects.requireNonNull(snapshot.find(id));
      return snapshot.content(row).orElseThrow().readAll(1 << 24);
    }
  }

  @Test
  void both_stores_have_what_each_had() {
    byte[] large = random(1, 3_000_000);
    EventId one = a.append(NewEvent.root("one").content(a.put(large)).build());
    EventId child = a.append(NewEvent.child(one).title("c").metadata("{\"k\":1}").build());
    EventId two = b.append(NewEvent.root("two").content(b.put(random(2, 100))).build());
    SyncResult result = sync();
    assertTrue(result.equal());
    assertEquals(1, result.received().events());
    assertEquals(2, result.sent().events());
    assertArrayEquals(large, content(b, one));
    assertArrayEquals(random(2, 100), content(a, two));
    try (Snapshot snapshot = b.snapshot()) {
      EventRow row = Objects.requireNonNull(snapshot.find(child));
      assertEquals("{\"k\":1}", snapshot.metadata(row).orElseThrow());
      assertEquals(1, row.depth());
    }
    assertTrue(b.verify(Cancellation.create(), ProgressListener.NONE).isSound());
  }

  @Test
  void what_was_taken_survives_a_reopen() {
    EventId one = a.append(NewEvent.root("one").content(a.put(random(1, 50_000))).build());
    pull(b, a);
    b.close();
    b = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("b")));
    assertArrayEquals(random(1, 50_000), content(b, one));
    assertEquals(0, pull(b, a).events());
  }

  @Test
  void chunks_that_are_there_do_not_move() {
    byte[] large = random(3, 2_000_000);
    a.append(NewEvent.root("one").content(a.put(large)).build());
    b.append(NewEvent.root("two").content(b.put(large)).build());
    SyncReport report = pull(a, b);
    assertEquals(1, report.events());
    assertEquals(0, report.chunks());
    assertTrue(report.bytes() < 10_000, () -> report.toString());
  }

  @Test
  void only_what_is_new_moves_behind_a_cursor() {
    EventId root = a.append(NewEvent.root("one").build());
    for (int i = 0; i < 2_000; i++) {
      a.append(NewEvent.child(root).title("before " + i).build());
    }
    pull(b, a);
    a.append(NewEvent.child(root).title("after").build());
    SyncReport report = pull(b, a);
    assertEquals(1, report.events());
    assertTrue(report.bytes() < 2_000, () -> report.toString());
    ReplicaInfo info = Replicator.of(b).replicas().get(0);
    assertEquals(a.id(), info.storeId());
    assertEquals(2_002, info.cursor());
    assertEquals(0, info.lag());
  }

  @Test
  void a_lost_or_damaged_cursor_costs_a_comparison_only() throws IOException {
    EventId root = a.append(NewEvent.root("one").build());
    try (Transaction transaction = a.begin()) {
      for (int i = 0; i < 20_000; i++) {
        transaction.append(NewEvent.child(root).title("before " + i).build());
      }
      transaction.commit();
    }
    pull(b, a);
    for (byte[] damage : new byte[][] {new byte[0], random(5, 300)}) {
      Files.write(directory.resolve("b").resolve(ReplicaList.NAME), damage);
      a.append(NewEvent.child(root).title("after").build());
      SyncReport report = pull(b, a);
      assertEquals(1, report.events());
      assertTrue(report.bytes() < 5_000, () -> report.toString());
    }
  }

  @Test
  void roots_of_one_title_stand_beside_each_other() {
    EventId one = a.append(NewEvent.root("same").build());
    EventId two = b.append(NewEvent.root("same").build());
    assertTrue(sync().equal());
    for (EventStore store : List.of(a, b)) {
      try (Snapshot snapshot = store.snapshot()) {
        assertEquals(List.of(one, two), snapshot.roots("same").stream().map(EventRow::id).toList());
      }
      assertEquals(
          ErrorCode.ROOT_TITLE_TAKEN,
          assertThrows(StoreException.class, () -> store.append(NewEvent.root("same").build()))
              .code());
    }
  }

  @Test
  void versions_that_went_apart_are_a_conflict_that_one_side_joins() {
    EventId base = a.append(NewEvent.root("doc").content(a.put(random(1, 9))).build());
    pull(b, a);
    a.append(NewEvent.overwrite(base).content(a.put(random(2, 9))).build());
    EventId there = b.append(NewEvent.overwrite(base).content(b.put(random(3, 9))).build());
    assertTrue(sync().equal());
    try (Transaction transaction = a.begin()) {
      assertEquals(
          2,
          transaction
              .view()
              .heads(Objects.requireNonNull(transaction.view().find(base)).seq())
              .count());
      Conflicts.join(
          transaction, base, (snapshot, heads) -> VersionState.of(snapshot, heads.get(0)));
      transaction.commit();
    }
    assertTrue(sync().equal());
    try (Snapshot snapshot = b.snapshot()) {
      long seq = Objects.requireNonNull(snapshot.find(base)).seq();
      assertEquals(1, snapshot.heads(seq).count());
      EventRow winner = Objects.requireNonNull(snapshot.winner(seq));
      assertEquals(Objects.requireNonNull(snapshot.find(there)).content(), winner.content());
    }
  }

  @Test
  void a_key_put_in_both_stores_has_the_newest_value_and_one_history() {
    KeyValueStore inA = KeyValueStore.of(a);
    KeyValueStore inB = KeyValueStore.of(b);
    inA.put("k", bytes("from a"));
    inB.put("k", bytes("from b"));
    assertTrue(sync().equal());
    for (KeyValueStore keys : List.of(inA, inB)) {
      assertEquals("from b", text(keys, "k"));
      assertEquals(1, keys.withPrefix("k").size());
      assertEquals(2, keys.history("k").size());
    }
    inA.put("k", bytes("after"));
    assertTrue(sync().equal());
    assertEquals("after", text(inB, "k"));
    inB.remove("k");
    assertTrue(sync().equal());
    assertTrue(inA.get("k").isEmpty());
    assertNull(inA.getBytes("k", 100));
    inA.put("k", bytes("again"));
    assertTrue(sync().equal());
    assertEquals("again", text(inB, "k"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(KeyValueStore keys, String key) {
    return new String(Objects.requireNonNull(keys.getBytes(key, 100)), StandardCharsets.UTF_8);
  }

  @Test
  void a_removal_goes_where_its_event_went_and_covers_what_comes_below_later() {
    EventId root = a.append(NewEvent.root("r").build());
    EventId top = a.append(NewEvent.child(root).temporary(null).build());
    pull(b, a);
    EventId below = b.append(NewEvent.child(top).temporary(null).build());
    b.append(NewEvent.child(below).temporary(null).build());
    try (Transaction transaction = a.begin()) {
      transaction.deleteTemporary(List.of(top));
      transaction.commit();
    }
    SyncResult result = sync();
    assertTrue(result.equal());
    assertEquals(2, result.received().dropped());
    assertEquals(1, result.sent().tombstones());
    for (EventStore store : List.of(a, b)) {
      try (Snapshot snapshot = store.snapshot()) {
        assertEquals(1, snapshot.eventCount());
        assertNull(snapshot.find(below));
      }
    }
  }

  @Test
  void a_child_of_an_event_from_the_future_is_above_it() {
    EventId root = a.append(NewEvent.root("r").build());
    pull(b, a);
    EventId child = b.append(NewEvent.child(root).build());
    try (Snapshot snapshot = b.snapshot()) {
      assertTrue(
          Objects.requireNonNull(snapshot.find(child)).level()
              > Objects.requireNonNull(snapshot.find(root)).level());
    }
  }

  @Test
  void a_budget_ends_the_call_and_the_next_goes_on() {
    EventId root = a.append(NewEvent.root("r").build());
    for (int i = 0; i < 600; i++) {
      a.append(NewEvent.child(root).content(a.put(random(i, 2_000))).build());
    }
    SyncReport first;
    try (Peer peer = Peer.of(a, "a")) {
      first = Replicator.of(b).pull(peer, SyncOptions.unbounded().withBudget(Duration.ofNanos(1)));
    }
    assertFalse(first.complete());
    SyncReport second = pull(b, a);
    assertTrue(second.complete());
    assertEquals(601, first.events() + second.events());
  }

  @Test
  void a_cancelled_call_keeps_what_came() {
    EventId root = a.append(NewEvent.root("r").build());
    for (int i = 0; i < 3_000; i++) {
      a.append(NewEvent.child(root).build());
    }
    Cancellation cancellation = Cancellation.create();
    SyncOptions options =
        new SyncOptions(null, cancellation, (done, total) -> cancellation.cancel());
    try (Peer peer = Peer.of(a, "a")) {
      StoreException e =
          assertThrows(StoreException.class, () -> Replicator.of(b).pull(peer, options));
      assertEquals(ErrorCode.CANCELLED, e.code());
    }
    assertEquals(1_024, Replicator.of(b).replicas().get(0).cursor());
    assertEquals(3_001 - 1_024, pull(b, a).events());
  }

  /** A comparison that takes longer than each call's time would never end. */
  @Test
  void what_comes_to_a_store_that_lacks_most_is_kept_from_the_first_page_on() {
    b.append(NewEvent.root("own").build());
    EventId root = a.append(NewEvent.root("r").build());
    for (int i = 0; i < 3_000; i++) {
      a.append(NewEvent.child(root).build());
    }
    int calls = 0;
    for (boolean complete = false; !complete; calls++) {
      Cancellation cancellation = Cancellation.create();
      SyncOptions options =
          new SyncOptions(null, cancellation, (done, total) -> cancellation.cancel());
      try (Peer peer =
          new PassingPeer(Peer.of(a, "a")) {
            @Override
            public List<SetDigest> digests(boolean removals, List<IdRange> ranges) {
              throw new StoreException(ErrorCode.IO_FAILED, "never in time");
            }
          }) {
        complete = Replicator.of(b).pull(peer, options).complete();
      } catch (StoreException e) {
        assertEquals(ErrorCode.CANCELLED, e.code());
      }
      assertEquals(
          Math.min(3_001, 1_024 * (calls + 1L)), Replicator.of(b).replicas().get(0).cursor());
    }
    assertEquals(3_002, b.statistics().events());
  }

  @Test
  void a_store_is_no_replica_of_itself_and_takes_nothing_when_it_is_read_only() {
    a.append(NewEvent.root("r").build());
    StoreException same = assertThrows(StoreException.class, () -> pull(a, a));
    assertEquals(ErrorCode.CONFLICT, same.code());
    try (EventStore reader =
        EmbeddedEventStore.open(
            StoreOptions.at(directory.resolve("b")).withReadOnly(true).withCreate(false))) {
      StoreException refused = assertThrows(StoreException.class, () -> pull(reader, a));
      assertEquals(ErrorCode.READ_ONLY, refused.code());
    }
  }

  @Test
  void a_peer_by_path_is_read_beside_its_writer() {
    EventId one = a.append(NewEvent.root("one").content(a.put(random(1, 5_000))).build());
    try (Peer peer = Peer.open(directory.resolve("a"))) {
      assertEquals(1, Replicator.of(b).pull(peer, SyncOptions.unbounded()).events());
    }
    assertArrayEquals(random(1, 5_000), content(b, one));
    assertEquals(directory.resolve("a").toString(), Replicator.of(b).replicas().get(0).name());
  }

  @Test
  void the_feed_waits_for_commits_and_ends_with_its_store() throws InterruptedException {
    EventId root = a.append(NewEvent.root("one").build());
    BlockingQueue<Change> seen = new LinkedBlockingQueue<>();
    ChangeFeed feed = Replicator.of(a).changes(0);
    assertEquals(new Change(1, false, root), feed.next());
    Thread reader = new Thread(() -> feed.forEachRemaining(seen::add));
    reader.start();
    EventId two = a.append(NewEvent.root("two").temporary(null).build());
    assertEquals(new Change(2, false, two), seen.take());
    try (Transaction transaction = a.begin()) {
      transaction.deleteTemporary(List.of(two));
      transaction.commit();
    }
    assertEquals(new Change(3, true, two), seen.take());
    a.close();
    reader.join();
    assertTrue(seen.isEmpty());
  }

  @Test
  void closing_a_feed_ends_its_wait() throws InterruptedException {
    ChangeFeed feed = Replicator.of(a).changes(0);
    Thread reader = new Thread(() -> assertFalse(feed.hasNext()));
    reader.start();
    feed.close();
    reader.join();
    assertFalse(feed.hasNext());
  }
}
