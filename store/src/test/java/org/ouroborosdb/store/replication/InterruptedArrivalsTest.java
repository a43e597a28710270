package org.ouroborosdb.store.replication;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
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
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.index.ChunkKey;
import org.ouroborosdb.store.promises.PassingPeer;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;
import org.ouroborosdb.store.replication.Replicator.SyncReport;

/** What happens to events and chunks on their way in when something comes between. */
class InterruptedArrivalsTest {
  private static final int LARGE = 12 << 20; // more than two answers of chunks

  @TempDir private Path directory;
  private EventStore from;
  private EventStore to;

  @BeforeEach
  void open() {
    from = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("from")));
    to = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("to")));
  }

  @AfterEach
  void close() {
    from.close();
    to.close();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** Does something once chunks were brought, before what needs them is committed. */
  private final class Between extends PassingPeer {
    private final Runnable what;
    private int answers;

    Between(Runnable what) {
      super(Peer.of(from, "from"));
      this.what = what;
    }

    @Override
    public List<Frame> chunks(List<ChunkKey> keys) {
      if (answers++ > 0) {
        what.run();
      }
      return super.chunks(keys);
    }
  }

  @Test
  void chunks_that_came_are_not_freed_before_their_event_is_here() {
    byte[] large = random(LARGE);
    EventId known =
        to.append(NewEvent.root("known").temporary(null).content(to.put(large)).build());
    try (var transaction = to.begin()) {
      transaction.deleteTemporary(List.of(known)); // its chunks are here, and nobody needs them
      transaction.commit();
    }
    byte[] more = random(LARGE + 1);
    from.append(NewEvent.root("here").content(from.put(large)).build());
    EventId id = from.append(NewEvent.root("new").content(from.put(more)).build());
    int chunks;
    try (Snapshot snapshot = from.snapshot()) {
      EventRow row = Objects.requireNonNull(snapshot.find(id));
      chunks = Objects.requireNonNull(row.content()).chunks().size();
    }
    SyncReport report;
    try (Peer peer = new Between(this::reclaim)) {
      report = Replicator.of(to).pull(peer, SyncOptions.unbounded());
    }
    assertEquals(chunks, report.chunks(), "each once, and none of those that were here");
    try (Snapshot snapshot = to.snapshot()) {
      EventRow row = Objects.requireNonNull(snapshot.find(id));
      assertArrayEquals(more, snapshot.content(row).orElseThrow().readAll(1 << 25));
    }
    assertTrue(to.verify(Cancellation.create(), ProgressListener.NONE).isSound());
  }

  private void reclaim() {
    to.reclaim(
        ReclaimOptions.DEFAULT.withLeastDead(0), Cancellation.create(), ProgressListener.NONE);
  }

  @Test
  void a_cancelled_call_applies_no_more_patches() {
    byte[] large = random(LARGE);
    EventId base = from.append(NewEvent.root("file").content(from.put(large)).build());
    large[77]++;
    from.append(NewEvent.patch(base, new ByteArrayInputStream(large)).build());
    Cancellation cancellation = Cancellation.create();
    SyncOptions options = new SyncOptions(null, cancellation, ProgressListener.NONE);
    try (Peer peer = new Between(cancellation::cancel)) {
      StoreException e =
          assertThrows(StoreException.class, () -> Replicator.of(to).pull(peer, options));
      assertEquals(ErrorCode.CANCELLED, e.code());
    }
    try (Snapshot snapshot = to.snapshot()) {
      assertEquals(0, snapshot.eventCount());
    }
    try (Peer peer = Peer.of(from, "from")) {
      SyncReport rest = Replicator.of(to).pull(peer, SyncOptions.unbounded());
      assertEquals(2, rest.events());
      assertTrue(rest.bytes() < LARGE, "chunks that came are kept");
    }
  }

  @Test
  void many_patches_are_committed_by_and_by() {
    byte[] content = random(40_000);
    EventId root = from.append(NewEvent.root("files").content(from.put(content)).build());
    for (int i = 0; i < 40; i++) {
      content[i]++;
      from.append(NewEvent.patch(root, new ByteArrayInputStream(content)).build());
    }
    long[] seen = new long[1];
    try (Peer peer =
        new PassingPeer(Peer.of(from, "from")) {
          @Override
          public List<Frame> chunks(List<ChunkKey> keys) {
            try (Snapshot snapshot = to.snapshot()) {
              seen[0] = snapshot.eventCount();
            }
            return super.chunks(keys);
          }
        }) {
      assertEquals(41, Replicator.of(to).pull(peer, SyncOptions.unbounded()).events());
    }
    assertEquals(33, seen[0], "the root and two times 16 are committed before the last 8 come");
  }

  @Test
  void a_budget_of_ages_is_no_bound_and_a_negative_one_is_none_left() {
    from.append(NewEvent.root("r").build());
    for (Duration budget : List.of(Duration.ofSeconds(Long.MIN_VALUE), Duration.ZERO)) {
      assertEquals(0, pull(budget).events());
    }
    assertEquals(1, pull(Duration.ofSeconds(Long.MAX_VALUE)).events());
  }

  private SyncReport pull(Duration budget) {
    try (Peer peer = Peer.of(from, "from")) {
      return Replicator.of(to).pull(peer, SyncOptions.unbounded().withBudget(budget));
    }
  }
}
