package org.ouroborosdb.store.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.promises.PassingPeer;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;

/** A store beside an honest one, some of whose answers a test bends on the way. */
abstract class LyingPeers {
  static final int EVENTS = 20;

  @TempDir Path directory;
  EventStore honest;
  EventStore store;

  @BeforeEach
  void open() {
    honest = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("honest")));
    store = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("store")));
    EventId root = honest.append(NewEvent.root("root").build());
    for (int i = 1; i < EVENTS; i++) {
      byte[] content = new byte[3_000];
      new Random(i).nextBytes(content);
      NewEvent.Builder event = NewEvent.child(root).title("t" + i).metadata("{\"n\":" + i + "}");
      honest.append(event.content(honest.put(content)).build());
    }
  }

  @AfterEach
  void close() {
    honest.close();
    store.close();
  }

  /** The honest store, some of whose answers a test bends. */
  class Liar extends PassingPeer {
    Liar() {
      super(Peer.of(honest, "liar"));
    }
  }

  void pull(Peer peer) {
    try (peer) {
      Replicator.of(store).pull(peer, SyncOptions.unbounded());
    }
  }

  /** Expects a peer to be refused, and the store sound, and as good as before. */
  void refused(Peer liar) {
    StoreException e = assertThrows(StoreException.class, () -> pull(liar));
    assertEquals(ErrorCode.PEER_INVALID, e.code(), () -> String.valueOf(e));
    assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    try (Snapshot here = store.snapshot();
        Snapshot there = honest.snapshot()) {
      here.bySeq(1, Long.MAX_VALUE, false).stream()
          .forEach(row -> assertFalse(there.find(row.id()) == null, () -> row.id().toString()));
    }
    pull(Peer.of(honest, "honest"));
    try (Snapshot here = store.snapshot();
        Snapshot there = honest.snapshot()) {
      assertEquals(there.eventCount(), here.eventCount());
    }
    close();
    reopened();
  }

  /** Starts again with an empty store beside the same honest one. */
  private void reopened() {
    honest = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("honest")));
    Path path = directory.resolve("store" + System.nanoTime());
    store = EmbeddedEventStore.open(StoreOptions.at(path));
  }

  Liar changing(UnaryOperator<List<Changed>> lie) {
    return new Liar() {
      @Override
      public List<Changed> changes(long after, int most) {
        return lie.apply(new ArrayList<>(super.changes(after, most)));
      }
    };
  }

  static List<Changed> with(List<Changed> changes, int at, Changed change) {
    changes.set(at, change);
    return changes;
  }
}
