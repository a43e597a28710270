package org.ouroborosdb.store.replication;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
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
import org.ouroborosdb.store.replication.Replicator.SyncReport;
import org.ouroborosdb.store.replication.Replicator.SyncResult;

/** What a store of this machine answers as a peer, and what becomes of merging when things go. */
class PeerAnswersTest {
  @TempDir Path directory;

  private EventStore open(String name) {
    return EmbeddedEventStore.open(StoreOptions.at(directory.resolve(name)));
  }

  private static EventStore inMemory() {
    return EmbeddedEventStore.open(StoreOptions.inMemory());
  }

  private static SyncReport pull(EventStore to, Peer from) {
    try (from) {
      return Replicator.of(to).pull(from, SyncOptions.unbounded());
    }
  }

  @Test
  void answers_end_at_4_mib_and_what_is_longer_comes_alone() {
    try (EventStore store = inMemory();
        EventStore taker = inMemory();
        Peer peer = storeOfLongRecords(store)) {
      long[] all = LongStream.rangeClosed(1, 41).toArray();
      List<byte[]> some = peer.records(all);
      assertTrue(some.size() > 20 && some.size() < 41, some.size() + " records");
      assertTrue(some.stream().mapToLong(r -> r.length).sum() <= Peer.MOST_BYTES);
      List<ChunkKey> keys = new ArrayList<>();
      try (Snapshot snapshot = store.snapshot()) {
        snapshot.chunks().forEach(chunk -> keys.add(ChunkKey.of(chunk.id())));
      }
      long bytes = peer.chunks(keys).stream().mapToLong(frame -> frame.stored().length).sum();
      assertTrue(bytes >= Peer.MOST_BYTES && bytes <= Peer.MOST_BYTES + Limits.MAX_GROUP_BYTES);
      assertTrue(Replicator.of(taker).pull(peer, SyncOptions.unbounded()).complete());
      assertEquals(store.statistics().logicalBytes(), taker.statistics().logicalBytes());
      assertEquals(store.statistics().chunks(), taker.statistics().chunks());
    }
  }

  private static Peer storeOfLongRecords(EventStore store) {
    byte[] bytes = new byte[6_000_000];
    new Random(1).nextBytes(bytes);
    EventId root = store.append(NewEvent.root("root").content(store.put(bytes)).build());
    for (int i = 0; i < 39; i++) {
      store.append(NewEvent.child(root).tags(i + "x".repeat(Limits.MAX_TAGS_BYTES - 9)).build());
    }
    List<ChunkRef> small = new ArrayList<>();
    for (int i = 0; i < 1_100; i++) {
      small.addAll(store.put(new byte[] {(byte) (i >> 8), (byte) i}).chunks());
    }
    store.append(NewEvent.child(root).content(new StoredContent(small)).build());
    store.checkpoint();
    return Peer.of(store, "peer");
  }

  @Test
  void new_events_move_with_less_than_a_fifth_more_than_their_bytes_even_if_they_are_noise() {
    Random random = new Random(4);
    try (EventStore store = inMemory();
        EventStore taker = inMemory()) {
      EventId root = store.append(NewEvent.root("files").build());
      pull(taker, Peer.of(store, "store"));
      for (int i = 0; i < 100; i++) {
        try (Transaction transaction = store.begin()) {
          for (int n = 0; n < 10; n++) {
            byte[] noise = new byte[100 + random.nextInt(300)];
            random.nextBytes(noise);
            transaction.append(
                NewEvent.child(root).title("new " + i).content(store.put(noise)).build());
          }
          transaction.commit();
        }
      }
      long bytes = 0;
      try (Peer peer = Peer.of(store, "store");
          Snapshot snapshot = store.snapshot()) {
        for (Changed change : peer.changes(1, 1_000)) {
          bytes += peer.records(new long[] {change.seq()}).get(0).length;
          bytes += Objects.requireNonNull(snapshot.find(change.seq())).contentLength();
        }
      }
      SyncReport report = pull(taker, Peer.of(store, "store"));
      assertEquals(1_000, report.events());
      assertTrue(report.bytes() <= bytes * 1.2, report.bytes() + " for " + bytes);
    }
  }

  @Test
  void what_a_store_does_not_have_it_does_not_answer() {
    try (EventStore store = inMemory();
        Peer peer = Peer.of(store, "peer")) {
      store.append(NewEvent.root("later").build());
      assertEquals(0, peer.state().lastSeq());
      assertNull(peer.event(EventId.of(new byte[EventId.BYTES])));
      assertEquals(
          ErrorCode.EVENT_NOT_FOUND,
          assertThrows(StoreException.class, () -> peer.records(new long[] {1})).code());
      assertEquals(
          ErrorCode.CHUNK_NOT_FOUND,
          assertThrows(StoreException.class, () -> peer.chunks(List.of(new ChunkKey(0, 0))))
              .code());
      assertEquals(List.of(), peer.changes(0, 10));
      try (Peer later = Peer.of(store, "later")) {
        assertEquals(1, later.changes(Long.MIN_VALUE, 10).size());
        assertEquals(List.of(), later.changes(Long.MAX_VALUE, 10));
      }
      assertEquals(List.of(), peer.list(false, IdRange.ALL, null, 10));
      assertEquals(SetDigest.EMPTY, peer.digests(true, List.of(IdRange.ALL)).get(0));
    }
    StoreException missing =
        assertThrows(StoreException.class, () -> Peer.open(directory.resolve("nowhere")));
    assertEquals(ErrorCode.STORE_NOT_FOUND, missing.code());
  }

  @Test
  void a_feed_of_a_store_that_is_read_only_ends_where_the_store_does() {
    EventId root;
    try (EventStore store = open("a")) {
      root = store.append(NewEvent.root("root").build());
    }
    try (EventStore reader =
            EmbeddedEventStore.open(
                StoreOptions.at(directory.resolve("a")).withReadOnly(true).withCreate(false));
        ChangeFeed feed = Replicator.of(reader).changes(0)) {
      assertEquals(new ChangeFeed.Change(1, false, root), feed.next());
      assertFalse(feed.hasNext());
      assertThrows(NoSuchElementException.class, feed::next);
    }
  }

  @Test
  void an_interrupted_wait_says_so_and_leaves_the_thread_interrupted() {
    try (EventStore store = inMemory();
        ChangeFeed feed = Replicator.of(store).changes(0)) {
      Thread.currentThread().interrupt();
      StoreException interrupted = assertThrows(StoreException.class, feed::hasNext);
      assertEquals(ErrorCode.CANCELLED, interrupted.code());
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void a_time_that_is_up_leaves_two_stores_as_far_as_they_came() {
    try (EventStore a = inMemory();
        EventStore b = inMemory()) {
      a.append(NewEvent.root("a").build());
      SyncOptions none = SyncOptions.unbounded().withBudget(Duration.ZERO);
      SyncResult result = Replicator.of(b).sync(a, "a", "b", none);
      assertFalse(result.equal());
      assertFalse(result.received().complete());
      assertTrue(Replicator.of(b).sync(a, "a", "b", SyncOptions.unbounded()).equal());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
      }
    }
  }

  @Test
  void a_cursor_that_is_ahead_of_its_store_is_found_out_and_what_is_lacking_comes()
      throws IOException {
    try (EventStore a = open("a")) {
      EventId first = a.append(NewEvent.root("first").build());
      try (EventStore b = open("b")) {
        pull(b, Peer.of(a, "a"));
      }
      copy(directory.resolve("b"), directory.resolve("older"));
      EventId second = a.append(NewEvent.child(first).build());
      try (EventStore b = open("b")) {
        pull(b, Peer.of(a, "a"));
      }
      Files.copy(
          directory.resolve("b").resolve(ReplicaList.NAME),
          directory.resolve("older").resolve(ReplicaList.NAME),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      try (EventStore older = open("older")) {
        SyncResult result = Replicator.of(older).sync(a, "a", "older", SyncOptions.unbounded());
        assertTrue(result.equal());
        assertEquals(1, result.received().events());
        try (Snapshot snapshot = older.snapshot()) {
          assertEquals(second, snapshot.bySeq(2, 2, false).first().map(EventRow::id).orElseThrow());
        }
      }
    }
  }

  @Test
  void a_list_of_replicas_with_another_beginning_is_none_and_long_names_are_cut()
      throws IOException {
    try (EventStore a = inMemory();
        EventStore b = open("b")) {
      a.append(NewEvent.root("a").build());
      PassingPeer named =
          new PassingPeer(Peer.of(a, "a")) {
            @Override
            public String name() {
              return "n".repeat(5_000);
            }
          };
      pull(b, named);
      assertEquals("n".repeat(1_024), Replicator.of(b).replicas().get(0).name());
      assertEquals(0, Replicator.of(b).replicas().get(0).lag());
      ByteBuffer other = ByteBuffer.allocate(16).putLong(5).putInt(0);
      CRC32C crc = new CRC32C();
      crc.update(other.array(), 0, 12);
      Files.write(
          directory.resolve("b").resolve(ReplicaList.NAME),
          other.putInt((int) crc.getValue()).array());
      assertEquals(List.of(), Replicator.of(b).replicas());
    }
  }

  @Test
  void a_peer_whose_last_change_is_gone_is_compared_instead() {
    try (EventStore a = inMemory();
        EventStore b = inMemory()) {
      EventId root = a.append(NewEvent.root("a").build());
      pull(b, Peer.of(a, "a"));
      EventId child = a.append(NewEvent.child(root).build());
      PassingPeer forgetful =
          new PassingPeer(Peer.of(a, "a")) {
            @Override
            public List<Changed> changes(long after, int most) {
              return List.of();
            }
          };
      assertEquals(1, pull(b, forgetful).events());
      try (Snapshot snapshot = b.snapshot()) {
        assertArrayEquals(
            child.toBytes(), java.util.Objects.requireNonNull(snapshot.find(child)).id().toBytes());
      }
    }
  }
}
