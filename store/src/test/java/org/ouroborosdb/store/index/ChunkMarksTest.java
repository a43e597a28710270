package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** Marks err in one direction, as often as their memory lets them, and each time elsewhere. */
class ChunkMarksTest {
  private static final int CHUNKS_PER_EVENT = 1_000;
  private static final int ASKED = 100_000;
  private static final WriterId STORE = new WriterId(1, 2);

  private static EventIndex inMemory() throws IOException {
    return new IndexFile(new MemoryDisk()).create(4 << 20);
  }

  private static List<ChunkId> names(long seed, int count) {
    Random random = new Random(seed);
    List<ChunkId> names = new ArrayList<>();
    byte[] name = new byte[ChunkId.BYTES];
    for (int i = 0; i < count; i++) {
      random.nextBytes(name);
      names.add(ChunkId.of(name));
    }
    return names;
  }

  private static StoredContent content(List<ChunkId> names) {
    return new StoredContent(names.stream().map(name -> new ChunkRef(name, 1)).toList());
  }

  /** Applies roots that have the chunks, by turns as content and as metadata. */
  private static void add(EventIndex index, List<ChunkId> names) {
    for (int from = 0; from < names.size(); from += CHUNKS_PER_EVENT) {
      long seq = index.lastSeq() + 1;
      StoredContent content = content(names.subList(from, from + CHUNKS_PER_EVENT));
      boolean metadata = seq % 2 == 0;
      Event event =
          new Event(
              NumberedEvents.id(seq),
              EventType.ROOT,
              STORE,
              seq,
              null,
              List.of(),
              false,
              null,
              false,
              "root " + seq,
              null,
              List.of(),
              metadata ? content : null,
              metadata ? null : content);
      index.apply(new IndexedEvent(event, seq, 0, seq, seq, 0, new Position(1, 64 * seq)));
      index.publish();
    }
  }

  private static List<ChunkId> wrong(ChunkMarks marks) {
    return names(99, ASKED).stream().filter(marks::mayBeUsed).toList();
  }

  /** A bound that is reached leaves fewer than 16 bits a chunk, and so more that are wrong. */
  @ParameterizedTest
  @CsvSource({
    "20000, 1048576, 40", // as many bits as are wanted, up to the next power of two: 7 are wrong
    "20000, 70000, 40", // as few as fit, a power of two: 7
    "60000, 65536, 3000", // to the byte: 1,500
    "60000, 131072, 300", // twice that: 63
  })
  void hardly_a_chunk_that_is_not_in_use_is_taken_for_one(int used, long mostBytes, int most)
      throws IOException {
    try (EventIndex index = inMemory()) {
      List<ChunkId> names = names(1, used);
      add(index, names);
      ChunkMarks marks = new ChunkMarks(used, mostBytes, new Random(1));
      marks.update(index, Cancellation.create());
      assertTrue(names.stream().allMatch(marks::mayBeUsed));
      int wrong = wrong(marks).size();
      assertTrue(wrong <= most, wrong + " of " + ASKED + " are wrong");
    }
  }

  @Test
  void however_many_chunks_there_are_and_however_little_memory_there_are_marks()
      throws IOException {
    try (EventIndex index = inMemory()) {
      List<ChunkId> names = names(1, CHUNKS_PER_EVENT);
      add(index, names);
      long most = 1L << 54; // 2^58 bits, which no array has
      for (ChunkMarks marks :
          List.of(
              new ChunkMarks(most, 1 << 13, new Random(1)),
              new ChunkMarks(0, 1 << 20, new Random(1)),
              new ChunkMarks(most, 0, new Random(1)))) {
        marks.update(index, Cancellation.create());
        assertTrue(names.stream().allMatch(marks::mayBeUsed));
        int wrong = wrong(marks).size();
        assertTrue(wrong <= 10, wrong + " of " + ASKED + " are wrong");
      }
    }
  }

  @Test
  void other_marks_are_wrong_about_other_chunks() throws IOException {
    try (EventIndex index = inMemory()) {
      add(index, names(1, 60_000));
      List<List<ChunkId>> wrong = new ArrayList<>();
      for (int salt = 1; salt <= 2; salt++) {
        ChunkMarks marks = new ChunkMarks(60_000, 1 << 16, new Random(salt));
        marks.update(index, Cancellation.create());
        wrong.add(wrong(marks));
      }
      assertTrue(wrong.get(0).size() > 500, () -> wrong.get(0).size() + " are wrong");
      List<ChunkId> twice = wrong.get(0).stream().filter(wrong.get(1)::contains).toList();
      assertTrue(twice.size() < wrong.get(0).size() / 4, () -> twice.size() + " twice");
    }
  }

  @Test
  void they_go_on_behind_the_last_event_and_leave_out_what_is_asked_for() throws IOException {
    try (EventIndex index = inMemory()) {
      List<ChunkId> names = names(1, 4 * CHUNKS_PER_EVENT);
      add(index, names.subList(0, 2 * CHUNKS_PER_EVENT));
      ChunkMarks marks = new ChunkMarks(10_000, 1 << 20, new Random(1));
      List<Long> asked = new ArrayList<>();
      marks.update(index, seq -> !asked.add(seq) || seq == 2, Cancellation.create());
      add(index, names.subList(2 * CHUNKS_PER_EVENT, names.size()));
      marks.update(index, seq -> !asked.add(seq) || seq == 3, Cancellation.create());
      assertEquals(List.of(1L, 2L, 3L, 4L), asked);
      for (int event = 0; event < 4; event++) {
        boolean marked = event == 0 || event == 3;
        List<ChunkId> of = names.subList(event * CHUNKS_PER_EVENT, (event + 1) * CHUNKS_PER_EVENT);
        assertEquals(marked, of.stream().allMatch(marks::mayBeUsed), "event " + (event + 1));
        assertEquals(marked, of.stream().anyMatch(marks::mayBeUsed), "event " + (event + 1));
      }
    }
  }

  @Test
  void over_an_index_that_cannot_be_read_they_say_so() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    IndexFile file = new IndexFile(disk);
    try (EventIndex index = file.create(1 << 20)) {
      add(index, names(1, 40 * CHUNKS_PER_EVENT));
      Position end = new Position(1, 9_999);
      file.note(index.checkpoint(end, STORE), index.lastSeq(), end);
    }
    try (EventIndex index = Objects.requireNonNull(file.open(STORE, 1 << 20))) {
      ChunkMarks marks = new ChunkMarks(10, 1 << 20, new Random(1));
      disk.faults().failRead(0);
      StoreException unread =
          assertThrows(StoreException.class, () -> marks.update(index, Cancellation.create()));
      assertEquals(ErrorCode.IO_FAILED, unread.code());
    }
  }
}
