package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.VerifyDepth;
import org.ouroborosdb.store.VerifyReport;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.identity.EventCodec;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.identity.Sha512;
import org.ouroborosdb.store.segment.Batch;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.LogOptions;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.LogVisitor;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;
import org.ouroborosdb.store.segment.SegmentLog;
import org.ouroborosdb.store.verify.StoreVerifier;

/** A verification finds whatever an index says otherwise than the log, or not at all. */
class IndexAgainstLogTest {
  private static final WriterId ID = new WriterId(1, 2);
  private static final LogVisitor NOBODY =
      new LogVisitor() {
        @Override
        public void chunk(LogRecord record) {}

        @Override
        public void committed(LogRecord record, long seq) {}
      };

  private final Random random = new Random(3);
  private final SegmentLog log =
      SegmentLog.open(
          new MemoryDisk(), new LogOptions(ID, 1 << 20, Durability.NONE, 0), null, 0, NOBODY);
  private EventIndex index;
  private SealedEvent root;
  private SealedEvent child;
  private SealedEvent version;
  private ChunkRef chunk;

  @BeforeEach
  void fill() throws IOException {
    index = new IndexFile(new MemoryDisk()).create(1 << 20);
    byte[] bytes = {1, 2, 3};
    chunk = new ChunkRef(Sha512.chunkId(bytes, 0, 3), 3);
    GroupTable table = new GroupTable(List.of(new GroupTable.Entry(chunk.id(), 0, 3)), 3);
    log.appendChunks(table, (byte) 0, ByteBuffer.wrap(bytes), index);
    root = seal(NewEvent.root("root").build(), 10);
    child =
        seal(
            NewEvent.child(root.id())
                .title("child")
                .tags("t")
                .temporary(99L)
                .content(new StoredContent(List.of(chunk)))
                .build(),
            20);
    version = seal(NewEvent.overwrite(child.id()).temporary().build(), 30);
    index.apply(new IndexedEvent(root.event(), 1, 0, 1, 1, 0, append(root)));
    index.apply(new IndexedEvent(child.event(), 2, 1, 1, 2, 1, append(child)));
    index.apply(new IndexedEvent(version.event(), 3, 2, 1, 2, 2, append(version)));
    index.publish();
  }

  @AfterEach
  void close() throws IOException {
    index.close();
    log.close();
  }

  private SealedEvent seal(NewEvent draft, long level) {
    byte[] salt = new byte[SealedEvent.SALT_BYTES];
    random.nextBytes(salt);
    return SealedEvent.seal(draft, ID, level, null, salt);
  }

  private Position append(SealedEvent event) {
    return append(event.id(), event);
  }

  private Position append(EventId name, SealedEvent event) {
    List<Position> written = new ArrayList<>();
    log.commit(
        new Batch() {
          @Override
          public List<Entry> records(long firstSeq) {
            ByteBuffer record = ByteBuffer.wrap(EventCodec.encode(event));
            return List.of(new Entry(RecordKind.EVENT, ByteBuffer.wrap(name.toBytes()), record));
          }

          @Override
          public void publish(List<Position> positions, long firstSeq) {
            written.addAll(positions);
          }

          @Override
          public void failed() {}
        },
        false);
    return written.get(0);
  }

  private IndexSnapshot snapshot() {
    return new IndexSnapshot(
        index,
        new LogReads() {
          @Override
          public Event event(Position position) {
            ByteBuffer payload = log.read(position, RecordKind.EVENT).payload();
            byte[] record = new byte[payload.remaining()];
            payload.get(record);
            return EventCodec.decodeVerified(record).event();
          }

          @Override
          public Content content(StoredContent content, Runnable requireOpen) {
            throw new AssertionError("no content is asked for");
          }
        });
  }

  private VerifyReport verify(VerifyDepth depth) {
    try (IndexSnapshot snapshot = snapshot()) {
      return new StoreVerifier(
              log, index, snapshot, depth, Cancellation.create(), ProgressListener.NONE)
          .run();
    }
  }

  private void assertSays(String what) {
    VerifyReport report = verify(VerifyDepth.FULL);
    assertTrue(
        report.damages().stream().anyMatch(damage -> damage.contains(what)),
        () -> what + " is not in " + report.damages());
  }

  @Test
  void what_agrees_is_sound() {
    for (VerifyDepth depth : VerifyDepth.values()) {
      VerifyReport report = verify(depth);
      assertEquals(List.of(), report.damages());
      assertEquals(3, report.events());
      assertEquals(1, report.chunks());
    }
  }

  @Test
  void each_map_that_lacks_a_key_is_named() {
    long level = child.event().level();
    index.maps().children.remove(new long[] {1, level, 2});
    assertSays("in [children]");
    index.maps().levels.remove(new long[] {level, 2});
    assertSays("in [children, levels]");
    index.maps().heads.remove(2L);
    assertSays("in [heads]");
    assertSays("by level");
    index.maps().expiries.remove(new long[] {99, 2});
    index.maps().trees.remove(new long[] {1, 1});
    assertSays("expiries");
    assertSays("trees");
    index.settleIds();
    index.maps().ids.remove(Keys.of(child.id()));
    assertSays("in [ids");
  }

  @Test
  void a_row_that_is_gone_or_of_another_event_is_found() {
    SealedEvent other = seal(NewEvent.child(root.id()).build(), 20);
    index.maps().rows.remove(2L);
    assertSays("lacks its parent");
    assertSays("the segments have");
    VerifyReport quick = verify(VerifyDepth.QUICK);
    assertTrue(quick.damageCount() > 0, "a quick one counts");
    index.maps().rows.put(2L, RowCodec.encode(indexed(other.event(), index.position(2)), 0));
    assertSays("has another event than");
    index.maps().rows.put(2L, RowCodec.encode(indexed(withLevel(), index.position(2)), 0));
    assertSays("has another event than");
  }

  private static IndexedEvent indexed(Event event, Position position) {
    return new IndexedEvent(event, 2, 1, 1, 2, 1, position);
  }

  /** Returns the child with its own id and another level. */
  private Event withLevel() {
    Event event = child.event();
    return new Event(
        event.id(),
        event.type(),
        event.writer(),
        event.level() + 1,
        event.parent(),
        event.merges(),
        event.temporary(),
        event.expiresAt(),
        event.fullTextSearch(),
        event.title(),
        event.mediaType(),
        event.tags(),
        event.metadata(),
        event.content());
  }

  @Test
  void an_event_under_another_name_is_damage_of_its_record() {
    SealedEvent misnamed = seal(NewEvent.child(root.id()).build(), 40);
    Position at = append(child.id(), misnamed);
    index.apply(new IndexedEvent(misnamed.event(), 4, 1, 1, 4, 1, at));
    index.publish();
    assertSays("its name is not the id of event " + misnamed.id());
  }

  @Test
  void what_came_after_the_snapshot_is_no_matter_of_it() {
    try (IndexSnapshot before = snapshot()) {
      SealedEvent later = seal(NewEvent.child(root.id()).build(), 40);
      index.apply(new IndexedEvent(later.event(), 4, 1, 1, 4, 1, append(later)));
      index.publish();
      VerifyReport report =
          new StoreVerifier(
                  log,
                  index,
                  before,
                  VerifyDepth.FULL,
                  Cancellation.create(),
                  ProgressListener.NONE)
              .run();
      assertEquals(3, report.events());
    }
  }

  @Test
  void chunks_that_are_elsewhere_or_of_another_length_or_gone_are_found() {
    ChunkLocation there = Objects.requireNonNull(index.find(chunk.id()));
    index.add(chunk.id(), new ChunkLocation(there.position(), 4, 3, (byte) 0, false));
    assertSays("knows another length of chunk");
    assertSays("which is missing");
    index.chunks().remove(chunk.id());
    assertSays("which is missing");
    for (int segment : new int[] {0, 9}) {
      Position nowhere = new Position(segment, 32);
      index.add(chunk.id(), new ChunkLocation(nowhere, 3, 3, (byte) 0, false));
      assertSays("is in segment " + segment);
    }
  }

  @Test
  void more_than_a_thousand_damages_are_counted_and_not_all_named() {
    for (int i = 0; i < 1_100; i++) {
      byte[] id = new byte[ChunkId.BYTES];
      random.nextBytes(id);
      index.add(ChunkId.of(id), new ChunkLocation(new Position(9, 32), 3, 3, (byte) 0, false));
    }
    VerifyReport report = verify(VerifyDepth.FULL);
    assertEquals(1_000, report.damages().size());
    assertTrue(report.damageCount() >= 1_100, report.damageCount() + " damages");
  }

  @Test
  void an_event_that_is_not_where_the_index_says_is_never_shown_for_it() {
    Position ofRoot = index.position(1);
    index.maps().rows.put(2L, RowCodec.encode(indexed(child.event(), ofRoot), 0));
    try (IndexSnapshot snapshot = snapshot()) {
      assertEquals(root.id(), snapshot.event(root.id()).orElseThrow().id());
      assertEquals(root.id(), snapshot.event(root.id()).orElseThrow().id(), "kept in memory");
      StoreException refused = assertThrows(StoreException.class, () -> snapshot.event(child.id()));
      assertEquals(ErrorCode.CORRUPT, refused.code());
      assertTrue(snapshot.event(EventId.of(new byte[EventId.BYTES])).isEmpty());
    }
    assertEquals(new Position(0, 0), index.position(77));
    assertEquals(
        ErrorCode.CORRUPT, assertThrows(StoreException.class, () -> index.idOf(77)).code());
  }
}
