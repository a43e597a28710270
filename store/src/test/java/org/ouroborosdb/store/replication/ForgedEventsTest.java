package org.ouroborosdb.store.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;

/** Events with fitting ids that break a rule of the data model do not come in. */
class ForgedEventsTest {
  private static final WriterId FORGER = new WriterId(7, 8);
  private static final ChunkId UNKNOWN = ChunkId.of(new byte[ChunkId.BYTES]);

  private final Random random = new Random(5);
  private final EventStore honest = EmbeddedEventStore.open(StoreOptions.inMemory());
  private final EventStore taker = EmbeddedEventStore.open(StoreOptions.inMemory());
  private EventId root;
  private EventId version;
  private EventId temporary;
  private long level;

  @BeforeEach
  void fill() {
    root = honest.append(NewEvent.root("root").build());
    version = honest.append(NewEvent.overwrite(root).build());
    temporary = honest.append(NewEvent.child(root).temporary().build());
    try (Snapshot snapshot = honest.snapshot()) {
      level = Objects.requireNonNull(snapshot.find(temporary)).level();
    }
    pull(Peer.of(honest, "honest"));
  }

  @AfterEach
  void close() {
    honest.close();
    taker.close();
  }

  private void pull(Peer peer) {
    try (peer) {
      Replicator.of(taker).pull(peer, SyncOptions.unbounded());
    }
  }

  private SealedEvent seal(NewEvent draft, long atLevel, @Nullable StoredContent metadata) {
    byte[] salt = new byte[SealedEvent.SALT_BYTES];
    random.nextBytes(salt);
    return SealedEvent.seal(draft, FORGER, atLevel, metadata, salt);
  }

  private static NewEvent draft(
      EventType type,
      @Nullable EventId parent,
      List<EventId> merges,
      @Nullable String title,
      @Nullable StoredContent content,
      @Nullable Long expiresAt) {
    return new NewEvent(
        type, parent, merges, title, null, List.of(), null, content, false, expiresAt, false);
  }

  private void refused(String why, SealedEvent forged) {
    Statistic before = Statistic.of(taker);
    StoreException refused =
        assertThrows(
            StoreException.class,
            () -> pull(new ForgedPeer(Peer.of(honest, "forger"), List.of(forged))),
            why);
    assertEquals(ErrorCode.PEER_INVALID, refused.code(), why);
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused::getMessage);
    assertEquals(before, Statistic.of(taker));
  }

  private record Statistic(long events, long chunks) {
    static Statistic of(EventStore store) {
      return new Statistic(store.statistics().events(), store.statistics().chunks());
    }
  }

  private void refused(String why, NewEvent draft) {
    refused(why, seal(draft, level + 1, null));
  }

  @Test
  void a_type_has_the_parent_the_title_and_the_content_that_its_rules_ask_for() {
    refused("only a ROOT has no parent", draft(EventType.ROOT, root, List.of(), "x", null, null));
    refused("only a ROOT has no parent", draft(EventType.NORMAL, null, List.of(), "x", null, null));
    refused("a ROOT needs a title", draft(EventType.ROOT, null, List.of(), null, null, null));
    refused("a ROOT needs a title", draft(EventType.ROOT, null, List.of(), "", null, null));
    refused(
        "only a version merges", draft(EventType.NORMAL, root, List.of(version), null, null, null));
    StoredContent empty = StoredContent.EMPTY;
    refused("a REMOVE has no content", draft(EventType.REMOVE, root, List.of(), null, empty, null));
    refused("a PATCH has a delta", draft(EventType.PATCH, root, List.of(), null, null, null));
    refused("hangs under", draft(EventType.NORMAL, version, List.of(), null, null, null));
    refused("temporary parent", draft(EventType.NORMAL, temporary, List.of(), null, null, null));
  }

  @Test
  void only_temporary_events_expire() {
    refused(
        "only a temporary event expires", draft(EventType.NORMAL, root, List.of(), null, null, 5L));
    SealedEvent expiring = seal(NewEvent.child(root).temporary(5L).build(), level + 1, null);
    pull(new ForgedPeer(Peer.of(honest, "peer"), List.of(expiring)));
    try (Snapshot snapshot = taker.snapshot()) {
      assertEquals(5L, Objects.requireNonNull(snapshot.find(expiring.id())).expiresAt());
    }
  }

  @Test
  void levels_rise_and_leave_room_above_them() {
    NewEvent child = NewEvent.child(root).build();
    refused("no clock goes as far", seal(child, Long.MAX_VALUE, null));
    refused("not above its parent's", seal(child, Long.MIN_VALUE, null));
  }

  @Test
  void metadata_of_more_than_its_limit_is_not_fetched() {
    int chunks = Limits.MAX_METADATA_BYTES / Limits.MAX_CHUNK_BYTES + 1;
    StoredContent metadata =
        new StoredContent(
            Collections.nCopies(chunks, new ChunkRef(UNKNOWN, Limits.MAX_CHUNK_BYTES)));
    refused("its metadata is too long", seal(NewEvent.child(root).build(), level + 1, metadata));
  }

  @Test
  void a_chunk_has_the_length_that_it_has() {
    StoredContent content = taker.put(new byte[100]);
    ChunkRef lie = new ChunkRef(content.chunks().get(0).id(), 99);
    taker.append(NewEvent.root("holds it").content(content).build());
    taker.checkpoint();
    refused(
        "has another length",
        seal(
            NewEvent.child(root).content(new StoredContent(List.of(lie))).build(),
            level + 1,
            null));
  }

  @Test
  void under_what_is_removed_only_temporary_events_come_and_they_are_dropped() {
    try (Transaction transaction = taker.begin()) {
      transaction.deleteTemporary(List.of(temporary));
      transaction.commit();
    }
    refused(
        "temporary parent",
        seal(draft(EventType.OVERWRITE, temporary, List.of(), null, null, null), level + 1, null));
    SealedEvent below = seal(NewEvent.child(temporary).temporary().build(), level + 1, null);
    SealedEvent deeper = seal(NewEvent.child(below.id()).temporary().build(), level + 2, null);
    pull(new ForgedPeer(Peer.of(honest, "peer"), List.of(below, deeper)));
    assertEquals(2, taker.statistics().events());
    assertTrue(taker.verify(Cancellation.create(), ProgressListener.NONE).isSound());
  }

  @Test
  void an_event_whose_ancestors_nobody_has_is_refused() {
    EventId nobody = EventId.of(new byte[EventId.BYTES]);
    refused("lacks an event", seal(NewEvent.child(nobody).build(), level + 1, null));
  }
}
