package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Rows;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.VerifyReport;
import org.ouroborosdb.store.embedded.Simulation;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** A small closed store, all its answers, and what may become of them when a file is damaged. */
final class RotTarget {
  private static final String ERROR = "error ";
  private static final int MOST_CONTENT_BYTES = 1500;
  private static final int PATCHED_BYTES = 2000;
  private static final int EVENTS = 12;
  private static final int UNCLOSED_EVENTS = 4;
  private static final String FIRST_SEGMENT = "segment-00000001.log";

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final List<EventId> ids = new ArrayList<>();
  private final Map<String, String> expected;
  private final SimulatedDisk unclosed = unclosed();

  /** Makes a store that was never cleaned. */
  RotTarget(long seed) {
    this(seed, false);
  }

  /**
   * Makes a store.
   *
   * @param rewritten whether its segments were written anew without what was removed
   */
  RotTarget(long seed, boolean rewritten) {
    SimulatedDisk disk = new SimulatedDisk();
    Random random = new Random(seed);
    try (EventStore store = open(disk)) {
      EventId root = store.append(NewEvent.root("root").metadata("{}").tags("a").build());
      ids.add(root);
      for (int i = 0; i < EVENTS; i++) {
        byte[] bytes = new byte[random.nextInt(MOST_CONTENT_BYTES)];
        random.nextBytes(bytes);
        NewEvent.Builder event = i % 4 == 3 ? NewEvent.overwrite(ids.get(i)) : NewEvent.child(root);
        event
            .title("t" + i % 3)
            .tags("b" + i % 2)
            .metadata(i % 2 == 0 ? "{\"i\":" + i + "}" : null);
        ids.add(store.append(event.content(i % 5 == 4 ? null : store.put(bytes)).build()));
        if (rewritten) {
          ids.add(FreedSpace.append(store, root, random));
        }
      }
      appendPatches(store, root, random);
    }
    if (rewritten) {
      ids.add(FreedSpace.free(() -> open(disk), ids.get(0)));
    }
    disk.names().forEach(name -> files.put(name, disk.get(name)));
    try (EventStore store = open(disk)) {
      expected = answers(store);
    }
    assertTrue(expected.values().stream().noneMatch(answer -> answer.startsWith(ERROR)));
  }

  /** Appends a content and two changes of it, one on the other; each needs all before. */
  private void appendPatches(EventStore store, EventId root, Random random) {
    byte[] bytes = new byte[PATCHED_BYTES];
    random.nextBytes(bytes);
    EventId version = store.append(NewEvent.child(root).content(store.put(bytes)).build());
    ids.add(version);
    for (int i = 0; i < 2; i++) {
      bytes[random.nextInt(PATCHED_BYTES)]++;
      InputStream changed = new ByteArrayInputStream(bytes);
      version = store.append(NewEvent.patch(version, changed).build());
      ids.add(version);
    }
  }

  Set<String> files() {
    return files.keySet();
  }

  int length(String file) {
    return bytes(file).length;
  }

  byte[] bytes(String file) {
    return Objects.requireNonNull(files.get(file));
  }

  private static EventStore open(SimulatedDisk disk) {
    return new Simulation(1).open(disk, StoreOptions.inMemory());
  }

  /** Flips one bit of a file, and holds the store against the promise. */
  void flip(String file, int at, int bit) {
    byte[] damaged = bytes(file).clone();
    damaged[at] ^= (byte) (1 << bit);
    check(file, damaged, at, at + 1, "bit " + bit + " of byte " + at);
  }

  /** Cuts a file short, and holds the store against the promise. */
  void cut(String file, int length) {
    byte[] damaged = Arrays.copyOf(bytes(file), length);
    check(file, damaged, length, bytes(file).length, "cut to " + length);
  }

  /** Flips one bit of a segment and makes the checksums fit: only the hashes can tell. */
  void forge(String file, int at, int bit) {
    byte[] forged = bytes(file).clone();
    forged[at] ^= (byte) (1 << bit);
    SimulatedDisk disk = new SimulatedDisk();
    files.forEach(disk::put);
    disk.put(file, LogBytes.withChecksums(forged, bytes(file), LogBytes.number(file)));
    try (EventStore store = open(disk)) {
      requireRightOrRefused(answers(store), file + " forged: bit " + bit + " of byte " + at);
    }
  }

  /**
   * Cuts the payload of a record, with a fitting checksum, in a store with its index or without.
   */
  void shorten(String file, int at, int payloadLength, boolean indexed) {
    SimulatedDisk disk = new SimulatedDisk();
    files.forEach(disk::put);
    byte[] sound = bytes(file);
    disk.put(file, LogBytes.shortened(sound, at, payloadLength, LogBytes.number(file)));
    if (!indexed) {
      files.keySet().stream().filter(name -> name.startsWith("index")).forEach(disk::remove);
    }
    String what =
        (indexed ? "" : "no index, ")
            + file
            + ", record at "
            + at
            + " with "
            + payloadLength
            + " bytes";
    try (EventStore store = open(disk)) {
      requireRightOrRefused(answers(store), what);
      String said = store.verify(Cancellation.create(), ProgressListener.NONE).damages().toString();
      assertTrue(said.contains("segment " + LogBytes.place(file) + " at offset "), what + said);
    } catch (AssertionError e) {
      throw new AssertionError(what, e);
    } catch (StoreException e) {
      assertEquals(ErrorCode.CORRUPT, e.code(), what);
      assertTrue(
          String.valueOf(e.getMessage()).matches("(?s).*(segment \\d+ .*offset \\d+| \\d+:\\d+).*"),
          () -> what + ": " + e.getMessage());
    }
  }

  /** Fails one read of an open and of all questions; returns whether there were so many reads. */
  boolean failRead(long call) {
    SimulatedDisk disk = new SimulatedDisk();
    files.forEach(disk::put);
    disk.faults().failRead(call);
    try (EventStore store = open(disk)) {
      Map<String, String> answers = answers(store);
      answers.values().removeIf(answer -> answer.startsWith(ERROR + ErrorCode.IO_FAILED));
      assertTrue(expected.entrySet().containsAll(answers.entrySet()), () -> "read " + call);
      assertEquals(expected, answers(store), () -> "after read " + call);
    } catch (StoreException e) {
      assertEquals(ErrorCode.IO_FAILED, e.code(), e.getMessage());
    }
    return disk.faults().anyFailed();
  }

  private void requireRightOrRefused(Map<String, String> answers, String what) {
    answers.forEach(
        (question, answer) -> {
          if (!answer.startsWith(ERROR)) {
            assertEquals(expected.get(question), answer, () -> what + ": " + question);
          }
        });
  }

  /** Returns the length of the log of a store that was never closed nor checkpointed. */
  int unclosedLength() {
    return unclosed.get(FIRST_SEGMENT).length;
  }

  /** Flips one bit of that log: only its last transaction may be gone, and nothing be wrong. */
  void flipUnclosed(int at, int bit) {
    SimulatedDisk disk = new SimulatedDisk();
    unclosed.names().forEach(name -> disk.put(name, unclosed.get(name)));
    byte[] damaged = unclosed.get(FIRST_SEGMENT);
    damaged[at] ^= (byte) (1 << bit);
    disk.put(FIRST_SEGMENT, damaged);
    try (EventStore store = open(disk)) {
      long events = store.statistics().events();
      assertTrue(
          events >= UNCLOSED_EVENTS - 1,
          () -> "bit " + bit + " of byte " + at + ": " + events + " events are left");
    } catch (StoreException e) {
      assertTrue(e.code() == ErrorCode.CORRUPT, e.getMessage());
    }
  }

  private static SimulatedDisk unclosed() {
    SimulatedDisk disk = new SimulatedDisk();
    EventStore store = open(disk);
    for (int i = 0; i < UNCLOSED_EVENTS; i++) {
      store.append(NewEvent.root("root" + i).build());
    }
    disk.names().stream().filter(name -> name.startsWith("index")).forEach(disk::remove);
    disk.remove("CHECKPOINT");
    return disk;
  }

  /** Returns the length of the last segment. */
  int lastSegmentLength() {
    return length(lastSegment());
  }

  private String lastSegment() {
    return files.keySet().stream()
        .filter(name -> name.startsWith("segment"))
        .reduce("", (a, b) -> b);
  }

  /** Cuts bytes off the end of the log, of which no index tells: an answer must not be shorter. */
  void cutWithoutIndex(int less) {
    SimulatedDisk disk = new SimulatedDisk();
    files.forEach(disk::put);
    files.keySet().stream().filter(name -> name.startsWith("index")).forEach(disk::remove);
    String last = lastSegment();
    disk.put(last, Arrays.copyOf(bytes(last), length(last) - less));
    try (EventStore store = open(disk)) {
      requireRightOrRefused(answers(store), last + " cut by " + less);
    } catch (StoreException e) {
      assertTrue(e.code() == ErrorCode.CORRUPT, e.getMessage());
    }
  }

  private void check(String file, byte[] damaged, int from, int to, String what) {
    SimulatedDisk disk = new SimulatedDisk();
    files.forEach(disk::put);
    disk.put(file, damaged);
    try {
      if (file.startsWith("segment")) {
        Set<String> affected = LogBytes.namesIn(bytes(file), from, to);
        checkSegment(disk, file, affected);
      } else if (file.equals("FORMAT")) {
        checkFormat(disk);
      } else {
        checkIndex(disk);
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("rot in " + file + ": " + what, e);
    }
  }

  /** A damaged index costs nothing at all. */
  private void checkIndex(SimulatedDisk disk) {
    try (EventStore store = open(disk)) {
      Map<String, String> first = answers(store);
      first.values().removeIf(answer -> answer.startsWith(ERROR)); // a page met while it was in use
      assertTrue(expected.entrySet().containsAll(first.entrySet()));
      assertEquals(expected, first.size() == expected.size() ? first : answers(store));
    }
  }

  private static void checkFormat(SimulatedDisk disk) {
    try (EventStore store = open(disk)) {
      throw new AssertionError("a damaged FORMAT file was taken for " + store.id());
    } catch (StoreException e) {
      assertTrue(
          e.code() == ErrorCode.CORRUPT || e.code() == ErrorCode.UNKNOWN_FORMAT, e.getMessage());
      assertTrue(
          String.valueOf(e.getMessage()).contains("FORMAT") || e.code() != ErrorCode.CORRUPT);
    }
  }

  /** Damage in a segment is named, and costs what lies in it. */
  private void checkSegment(SimulatedDisk disk, String file, Set<String> affected) {
    int number = LogBytes.place(file);
    try (EventStore store = open(disk)) {
      Map<String, String> answers = answers(store);
      expected.forEach(
          (question, answer) -> {
            String now = answers.get(question);
            if (isAffected(question, affected)) {
              assertTrue(
                  String.valueOf(now).startsWith(ERROR + ErrorCode.CORRUPT + " ")
                      && String.valueOf(now).contains("segment " + number + " "),
                  () -> question + " answers " + now);
            } else {
              assertEquals(answer, now, question);
            }
          });
      VerifyReport report = store.verify(Cancellation.create(), ProgressListener.NONE);
      String said = report.damages().toString();
      assertTrue(said.contains("segment " + number + " at offset "), said);
      affected.forEach(name -> assertTrue(said.contains(name), () -> said + " lacks " + name));
    }
  }

  private boolean isAffected(String question, Set<String> affected) {
    String[] words = question.split(" ", 2);
    if (words.length == 1) {
      return false;
    }
    EventId id = EventId.parse(words[1]);
    return switch (words[0]) {
      case "event" -> affected.contains(id.toString());
      case "content", "metadata" -> chunksOf(words[0], id).stream().anyMatch(affected::contains);
      default -> false;
    };
  }

  private Set<String> chunksOf(String part, EventId id) {
    String chunks = Objects.requireNonNull(expected.get("chunks-" + part + " " + id));
    return Set.of(chunks.split(","));
  }

  private Map<String, String> answers(EventStore store) {
    Map<String, String> answers = new LinkedHashMap<>();
    try (Snapshot snapshot = store.snapshot()) {
      ask(answers, "count", () -> "" + snapshot.eventCount());
      ask(answers, "all", () -> list(snapshot.bySeq(1, Long.MAX_VALUE, false)));
      ask(answers, "levels", () -> list(snapshot.byLevel(0, Long.MAX_VALUE, true)));
      ask(answers, "roots", () -> list(snapshot.roots()));
      ask(answers, "tagged", () -> list(snapshot.tagged(List.of("b1"))));
      ask(answers, "titled", () -> list(snapshot.titled("t1")));
      ask(answers, "subtree", () -> list(snapshot.subtree(1, Integer.MAX_VALUE)));
      for (EventId id : ids) {
        ask(answers, "row " + id, () -> describe(snapshot, id));
        ask(answers, "chunks-content " + id, () -> contentChunks(snapshot, id));
        ask(answers, "chunks-metadata " + id, () -> chunks(row(snapshot, id).metadata()));
        ask(answers, "event " + id, () -> snapshot.event(id).orElseThrow().toString());
        ask(answers, "content " + id, () -> content(snapshot, id));
        ask(answers, "metadata " + id, () -> snapshot.metadata(row(snapshot, id)).orElse("none"));
      }
    } catch (StoreException e) {
      answers.put("snapshot", ERROR + e.code());
    }
    return answers;
  }

  private static void ask(Map<String, String> answers, String what, Supplier<String> question) {
    try {
      answers.put(what, question.get());
    } catch (StoreException e) {
      answers.put(what, ERROR + e.code() + " " + e.getMessage());
    }
  }

  private static EventRow row(Snapshot snapshot, EventId id) {
    EventRow row = snapshot.find(id);
    if (row == null) {
      throw new AssertionError("event " + id + " is missing");
    }
    return row;
  }

  private static String list(Rows rows) {
    return rows.stream().map(row -> row.id().toString()).toList().toString();
  }

  private static String chunks(@Nullable StoredContent content) {
    return content == null
        ? "none"
        : String.join(",", content.chunks().stream().map(chunk -> chunk.id().toString()).toList());
  }

  /** Returns the chunks of a content, and those of what it is a change of. */
  private static String contentChunks(Snapshot snapshot, EventId id) {
    EventRow row = row(snapshot, id);
    String own = chunks(row.content());
    return row.type() == EventType.PATCH
        ? own + "," + contentChunks(snapshot, Objects.requireNonNull(row.parent()))
        : own;
  }

  private static String describe(Snapshot snapshot, EventId id) {
    EventRow row = row(snapshot, id);
    return row.title()
        + row.tags()
        + row.parent()
        + row.root()
        + row.level()
        + row.type()
        + list(snapshot.withParent(row.seq()))
        + list(snapshot.heads(row.baseSeq()))
        + list(snapshot.ancestors(row.seq()))
        + row.contentLength();
  }

  private static String content(Snapshot snapshot, EventId id) {
    return snapshot
        .content(row(snapshot, id))
        .map(content -> new String(content.readAll(1 << 20), StandardCharsets.ISO_8859_1))
        .orElse("none");
  }
}
