package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.WriteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Rows;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** The small parts of the index at the edges of what they take, with the numbers they promise. */
class IndexEdgesTest {
  private static final int BLOCK = ChecksummedFile.BLOCK_BYTES;

  private static EventId id(long high, long low) {
    return EventId.read(ByteBuffer.allocate(EventId.BYTES).putLong(high).putLong(low).rewind());
  }

  private static EventIndex grown(int events) throws IOException {
    EventIndex index = new IndexFile(new MemoryDisk()).create(4 << 20);
    new ListedEvents(1).grow(index, events, false);
    return index;
  }

  @Test
  void a_closed_snapshot_answers_no_question_whichever_was_asked_before() {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory())) {
      StoredContent content = store.put(new byte[] {1, 2, 3});
      EventId root = store.append(NewEvent.root("r").tags("a").content(content).build());
      store.append(NewEvent.child(root).title("c").build());
      Snapshot open = store.snapshot();
      EventRow row = Objects.requireNonNull(open.find(root));
      List<Rows> rows =
          List.of(
              open.bySeq(1, 9, false),
              open.bySeq(9, 10, true),
              open.byLevel(0, Long.MAX_VALUE, false),
              open.withParent(0),
              open.withParent(1),
              open.children(1),
              open.titled("c"),
              open.titledFrom("c"),
              open.titled(1, "c"),
              open.roots(),
              open.tagged(List.of("a")));
      ChunkId chunk = content.chunks().get(0).id();
      var chunks = open.chunks().iterator();
      var found = open.bySeq(1, 9, false).iterator();
      open.close();
      List<Executable> questions =
          new ArrayList<>(
              List.of(
                  () -> open.find(root),
                  () -> open.find(1L),
                  () -> open.event(root),
                  () -> open.chunk(chunk),
                  () -> open.chunks().iterator(),
                  () -> open.content(row).orElseThrow().readAll(9),
                  chunks::hasNext,
                  chunks::next,
                  found::hasNext));
      rows.forEach(each -> questions.add(each::iterator));
      for (int i = 0; i < questions.size(); i++) {
        StoreException closed =
            assertThrows(StoreException.class, questions.get(i), "question " + i);
        assertEquals(ErrorCode.CLOSED, closed.code(), "question " + i);
      }
    }
  }

  @Test
  void a_verified_event_is_kept_with_its_row() {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory())) {
      EventId root = store.append(NewEvent.root("r").build());
      try (Snapshot snapshot = store.snapshot()) {
        assertSame(snapshot.event(root).orElseThrow(), snapshot.event(root).orElseThrow());
      }
    }
  }

  @Test
  void open_snapshots_are_counted_however_many_there_are_and_the_oldest_is_known() {
    OpenSnapshots open = new OpenSnapshots();
    assertEquals(Long.MAX_VALUE, open.oldest());
    int[] places = new int[100];
    for (int i = 0; i < places.length; i++) {
      places[i] = open.add(200 - i % 80);
      assertEquals(i + 1, open.count());
    }
    assertEquals(121, open.oldest());
    for (int i = 0; i < places.length; i++) {
      assertEquals(i >= 64, places[i] < 0, "place " + i);
      open.remove(200 - i % 80, places[i]);
      assertEquals(places.length - i - 1, open.count());
    }
    assertEquals(Long.MAX_VALUE, open.oldest());
    int zero = open.add(0);
    assertEquals(0, open.oldest());
    open.remove(0, zero);
    assertEquals(0, open.count());
    for (int i = 0; i < places.length; i++) {
      places[i] = open.add(7);
    }
    for (int i = places.length - 1; i >= 0; i--) {
      open.remove(7, places[i]);
      assertEquals(i, open.count(), "all of one number");
    }
  }

  @Test
  void a_row_cache_knows_what_was_put_and_nothing_of_another_name() throws IOException {
    try (EventIndex index = grown(200)) {
      RowCache cache = new RowCache(64 * 1024, 0);
      for (long seq = 1; seq <= 200; seq++) {
        IndexRow row = Objects.requireNonNull(index.row(seq));
        cache.put(row);
        boolean kept = row.length() <= 1024;
        assertEquals(kept ? row : null, cache.get(row.id()));
        assertEquals(kept ? row : null, cache.get(seq));
        assertNull(cache.get(seq + 64), "another of that place");
      }
      assertNull(cache.get(id(5, 5)));
    }
  }

  @Test
  void two_rows_of_one_place_are_both_known() throws IOException {
    try (EventIndex index = grown(200)) {
      RowCache cache = new RowCache(64 * 1024, 0);
      IndexRow[] last = new IndexRow[64];
      for (long seq = 1; seq <= 200; seq++) {
        IndexRow row = Objects.requireNonNull(index.row(seq));
        int place = (int) row.id().longAt(0) & 63;
        if (last[place] != null && row.length() <= 1024 && last[place].length() <= 1024) {
          cache.put(last[place]);
          cache.put(row);
          assertEquals(row, cache.get(row.id()));
          assertEquals(last[place], cache.get(last[place].id()), "it moved to another place");
        }
        last[place] = row;
      }
    }
  }

  @Test
  void a_full_set_of_places_keeps_its_newest_rows_and_takes_none_of_another() throws IOException {
    try (EventIndex index = new IndexFile(new MemoryDisk()).create(4 << 20)) {
      NumberedEvents.apply(index, 1, 0, EventType.ROOT, 1);
      for (long seq = 2; seq <= 1040; seq++) {
        NumberedEvents.apply(index, seq, 1, EventType.NORMAL, seq);
      }
      RowCache cache = new RowCache(64 * 1024, 0);
      cache.put(Objects.requireNonNull(index.row(32)));
      long[] alike = LongStream.range(0, 16).map(n -> 16 + 64 * n).toArray(); // of one set
      for (int put = 0; put < 48; put++) {
        cache.put(Objects.requireNonNull(index.row(alike[put * 5 % 16])));
      }
      for (long seq : alike) {
        assertEquals(index.row(seq), cache.get(id(seq, 0)), "16 have room, however often put");
      }
      cache.put(Objects.requireNonNull(index.row(336)));
      cache.put(Objects.requireNonNull(index.row(1040)));
      assertEquals(index.row(1040), cache.get(id(1040, 0)));
      assertEquals(index.row(336), cache.get(id(336, 0)), "the newest but one");
      long known = LongStream.of(alike).filter(n -> cache.get(id(n, 0)) != null).count();
      assertEquals(15, known, "one made room");
      assertEquals(index.row(32), cache.get(id(32, 0)), "of another set");
      assertNull(cache.get(16), "1040 has its place");
      assertEquals(index.row(1040), cache.get(1040));
    }
  }

  @Test
  void children_that_are_kept_serve_snapshots_between_two_changes() throws IOException {
    try (EventIndex index = grown(20)) {
      IndexRow[] rows = {Objects.requireNonNull(index.row(2))};
      RowCache cache = new RowCache(64 * 1024, 10);
      assertNull(cache.children(1, 12));
      cache.putChildren(1, 12, rows);
      assertArrayEquals(rows, cache.children(1, 12));
      assertArrayEquals(rows, cache.children(1, 10), "nothing changed in between");
      assertNull(cache.children(1, 9), "older than the last change that is known");
      assertNull(cache.children(65, 12), "another parent of that place");
      cache.change(1, 13);
      assertNull(cache.children(1, 12));
      assertNull(cache.children(1, 13));
      cache.putChildren(1, 13, rows);
      assertArrayEquals(rows, cache.children(1, 13));
      assertNull(cache.children(1, 12));
      cache.putChildren(1, 11, rows);
      assertNull(cache.children(1, 14), "it was read before the change");
    }
  }

  @Test
  void keys_of_texts_are_their_first_bytes_and_a_hash_of_all() {
    assertEquals(0xcbf29ce484222325L, Keys.hash(""));
    assertEquals(0xaf63dc4c8601ec8cL, Keys.hash("a"));
    assertEquals(0x85944171f73967e8L, Keys.hash("foobar"));
    assertEquals(0x6162000000000000L ^ Long.MIN_VALUE, Keys.prefix("ab", 0));
    assertEquals(0x6162ffffffffffffL ^ Long.MIN_VALUE, Keys.prefix("ab", 0xff));
    assertEquals(0x6162636465666768L ^ Long.MIN_VALUE, Keys.prefix("abcdefghi", 0));
    assertEquals(0x6162636465666768L ^ Long.MIN_VALUE, Keys.prefix("abcdefgh", 0xff));
    assertTrue(Keys.prefix("é", 0) > Keys.prefix("z", 0xff), "as unsigned bytes");
    assertArrayEquals(new long[] {7, Long.MIN_VALUE, Long.MIN_VALUE}, Keys.first(3, 7));
    assertArrayEquals(new long[] {7, 8, Long.MAX_VALUE}, Keys.last(3, 7, 8));
    assertArrayEquals(new long[] {3, 4}, Keys.of(id(3, 4)));
  }

  @Test
  void ranges_of_ids_are_parts_of_sixteen() {
    IdRange part = IdRange.ALL.part(15);
    assertEquals(new IdRange(0xfL << 60, 4), part);
    assertEquals(new IdRange(0xf3L << 56, 8), part.part(3));
    assertTrue(IdRange.ALL.contains(-1) && IdRange.ALL.contains(Long.MAX_VALUE));
    assertTrue(part.contains(-1));
    assertFalse(part.contains(0xeL << 60 | -1L >>> 4));
    assertArrayEquals(new long[] {Long.MIN_VALUE, Long.MIN_VALUE}, IdRange.ALL.firstKey());
    assertArrayEquals(new long[] {Long.MAX_VALUE, Long.MAX_VALUE}, IdRange.ALL.lastKey());
    assertArrayEquals(new long[] {0xfL << 60, Long.MIN_VALUE}, part.firstKey());
    assertArrayEquals(new long[] {-1, Long.MAX_VALUE}, part.lastKey());
    assertEquals(60, new IdRange(16, 60).bits());
    for (Executable none :
        List.<Executable>of(
            () -> new IdRange(0, -1),
            () -> new IdRange(0, 61),
            () -> new IdRange(1, 60),
            () -> new IdRange(1, 0))) {
      assertThrows(IllegalArgumentException.class, none);
    }
  }

  @Test
  void digests_grow_and_shrink_by_keys() {
    SetDigest one = SetDigest.EMPTY.with(new long[] {5, 7}, 1);
    assertEquals(new SetDigest(1, 5, 7), one);
    assertEquals(SetDigest.EMPTY, one.with(new long[] {5, 7}, -1));
    assertEquals(new SetDigest(3, 15, 21), one.plus(one.plus(one)));
  }

  @Test
  void what_is_counted_comes_back_from_where_a_checkpoint_keeps_it() {
    try (MVStore store = MVStore.open(null)) {
      Totals totals = new Totals(store.openMap("numbers"));
      assertEquals(new IndexState(9, 0, 0, 0, SetDigest.EMPTY, SetDigest.EMPTY), totals.state(9));
      totals.count(id(1, 2), null, null, true, 1);
      totals.count(id(3, 4), null, null, false, 1);
      totals.countTombstone(new long[] {8, 9}, 1);
      IndexState state = new IndexState(9, 2, 1, 0, new SetDigest(2, 4, 6), new SetDigest(1, 8, 9));
      assertEquals(state, totals.state(9));
      totals.keep(store.openMap("numbers"));
      Totals kept = new Totals(store.openMap("numbers"));
      assertEquals(state, kept.state(9));
      kept.count(id(1, 2), null, null, true, -1);
      kept.countTombstone(new long[] {8, 9}, -1);
      assertEquals(
          new IndexState(9, 1, 0, 0, new SetDigest(1, 3, 4), SetDigest.EMPTY), kept.state(9));
    }
  }

  @Test
  void bytes_of_metadata_and_content_are_counted_and_taken_back() {
    try (MVStore store = MVStore.open(null)) {
      Totals totals = new Totals(store.openMap("numbers"));
      StoredContent five = content(5);
      totals.count(id(1, 2), five, content(7), true, 1);
      assertEquals(12, totals.state(1).logicalBytes());
      totals.count(id(3, 4), five, null, true, 1);
      totals.count(id(1, 2), five, content(7), true, -1);
      assertEquals(5, totals.state(1).logicalBytes());
    }
  }

  private static StoredContent content(int length) {
    return new StoredContent(List.of(new ChunkRef(ChunkId.of(new byte[ChunkId.BYTES]), length)));
  }

  @Test
  void lists_of_numbers_read_back_and_say_what_memory_they_take() {
    LongListType type = LongListType.INSTANCE;
    long[][] lists = {{}, {5}, {Long.MAX_VALUE, 2, 3, 1L << 40}};
    WriteBuffer page = new WriteBuffer();
    for (long[] list : lists) {
      type.write(page, list);
    }
    ByteBuffer bytes = page.getBuffer().flip();
    for (long[] list : lists) {
      assertArrayEquals(list, type.read(bytes));
      assertEquals(24 + 8 * list.length, type.getMemory(list));
    }
    assertEquals(24 + 8 * 3, new LongsType(3).getMemory(new long[3]));
  }

  @Test
  void writers_keep_their_numbers() {
    try (MVStore store = MVStore.open(null)) {
      Writers writers = new Writers(store.openMap("writers"));
      WriterId first = new WriterId(1, 2);
      WriterId second = new WriterId(3, 4);
      assertEquals(0, writers.number(first));
      assertEquals(1, writers.number(second));
      assertEquals(0, writers.number(first));
      Writers again = new Writers(store.openMap("writers"));
      assertEquals(second, again.get(1));
      assertEquals(1, again.number(second));
      assertEquals(2, again.number(new WriterId(5, 6)));
      assertThrows(IndexOutOfBoundsException.class, () -> again.get(3));
    }
  }

  @Test
  void marks_know_every_chunk_in_use_and_hardly_one_that_is_not() throws IOException {
    try (EventIndex index = grown(300)) {
      ChunkMarks marks = new ChunkMarks(1_000, 1 << 16, new Random(3));
      Cancellation cancelled = Cancellation.create();
      cancelled.cancel();
      assertThrows(StoreException.class, () -> marks.update(index, cancelled));
      marks.update(index, Cancellation.create());
      int used = 0;
      for (long seq = 1; seq <= 300; seq++) {
        IndexRow row = Objects.requireNonNull(index.row(seq));
        for (StoredContent content : contents(row)) {
          content.chunks().forEach(chunk -> assertTrue(marks.mayBeUsed(chunk.id())));
          used += content.chunks().size();
        }
      }
      Random random = new Random(4);
      assertTrue(used > 100, used + " chunks are in use");
      int wrong = 0;
      for (int i = 0; i < 10_000; i++) {
        byte[] name = new byte[ChunkId.BYTES];
        random.nextBytes(name);
        wrong += marks.mayBeUsed(ChunkId.of(name)) ? 1 : 0;
      }
      assertTrue(wrong < 20, wrong + " of 10,000");
    }
  }

  private static List<StoredContent> contents(IndexRow row) {
    List<StoredContent> contents = new ArrayList<>();
    StoredContent content = row.content();
    StoredContent metadata = row.metadata();
    if (content != null) {
      contents.add(content);
    }
    if (metadata != null) {
      contents.add(metadata);
    }
    return contents;
  }

  @Test
  void blocks_of_any_number_are_stored_with_their_checksums_and_read_back() throws IOException {
    DiskFile disk = new MemoryDisk().open("file", true);
    ChecksummedFile file = new ChecksummedFile("file", disk);
    byte[] bytes = new byte[300 * BLOCK];
    new Random(5).nextBytes(bytes);
    file.write(ByteBuffer.wrap(bytes), 0);
    assertEquals(300L * (BLOCK + 4), disk.size());
    assertEquals(bytes.length, file.size());
    assertEquals(disk.size(), ChecksummedFile.storedLength(bytes.length));
    Map<Integer, Integer> ranges =
        Map.of(0, bytes.length, BLOCK, 1, 5, 2 * BLOCK, 299 * BLOCK + 4_000, 96, 127 * BLOCK, 9);
    ranges.forEach(
        (at, length) -> assertEquals(ByteBuffer.wrap(bytes, at, length), read(file, at, length)));
    file.write(ByteBuffer.wrap(bytes, 0, BLOCK), 7 * BLOCK);
    assertEquals(ByteBuffer.wrap(bytes, 0, BLOCK), file.read(7L * BLOCK, BLOCK));
    assertEquals(ByteBuffer.wrap(bytes, 8 * BLOCK, 5), file.read(8L * BLOCK, 5));
    for (int block : new int[] {2, 150, 299}) {
      long at = (long) block * (BLOCK + 4) + 17;
      ByteBuffer one = ByteBuffer.allocate(1);
      disk.readFully(one, at);
      disk.write(one.put(0, (byte) ~one.get(0)).flip(), at);
      assertThrows(DamagedBlockException.class, () -> file.read((long) block * BLOCK, 1));
      assertThrows(
          DamagedBlockException.class, () -> file.read((long) (block - 1) * BLOCK, BLOCK + 1));
      assertEquals(BLOCK, file.read((long) (block - 1) * BLOCK, BLOCK).remaining());
    }
    file.truncate(100L * BLOCK);
    assertEquals(100L * BLOCK, file.size());
    assertThrows(DamagedBlockException.class, () -> file.read(100L * BLOCK - 1, 2));
    assertEquals(1, file.read(100L * BLOCK - 1, 1).remaining());
  }

  @Test
  void a_block_in_the_place_of_another_is_damage_and_is_named() throws IOException {
    DiskFile disk = new MemoryDisk().open("file", true);
    ChecksummedFile file = new ChecksummedFile("some file", disk);
    file.write(ByteBuffer.allocate(600 * BLOCK), 0);
    ByteBuffer block = ByteBuffer.allocate(BLOCK + 4);
    for (int other : new int[] {6, 261, 517}) {
      disk.readFully(block.clear(), (long) other * (BLOCK + 4));
      disk.write(block.flip(), 5L * (BLOCK + 4));
      IOException damaged =
          assertThrows(DamagedBlockException.class, () -> file.read(3L * BLOCK, 4 * BLOCK));
      assertEquals("block 5 of some file is damaged", damaged.getMessage());
    }
    IOException beyond =
        assertThrows(DamagedBlockException.class, () -> file.read(599L * BLOCK, 2 * BLOCK));
    assertEquals("block 600 of some file is damaged", beyond.getMessage());
  }

  private static ByteBuffer read(ChecksummedFile file, long at, int length) {
    try {
      return file.read(at, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
