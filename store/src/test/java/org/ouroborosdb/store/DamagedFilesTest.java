package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Every answer of a damaged store is an error or what the sound store answers. */
class DamagedFilesTest {
  private static final int SAMPLES_PER_FILE = 60;

  @TempDir private Path directory;
  private Path sound;
  private final List<EventId> ids = new ArrayList<>();
  private Map<String, String> expected = Map.of();

  @BeforeEach
  void makeSoundStore() {
    sound = directory.resolve("sound");
    Random random = new Random(5);
    try (EventStore store = EmbeddedEventStore.open(options(sound))) {
      EventId root = store.append(NewEvent.root("root").metadata("{}").tags("a").build());
      ids.add(root);
      for (int i = 0; i < 40; i++) {
        byte[] bytes = new byte[random.nextInt(3000)];
        random.nextBytes(bytes);
        EventId parent = i % 4 == 0 ? root : ids.get(ids.size() - 1 - i % 2);
        try (Snapshot snapshot = store.snapshot()) {
          parent = Objects.requireNonNull(snapshot.find(parent)).type().isBase() ? parent : root;
        }
        EventId id =
            store.append(
                NewEvent.child(parent)
                    .title("t" + i % 7)
                    .tags("a", "b" + i % 3)
                    .metadata(i % 2 == 0 ? "{\"i\":" + i + "}" : null)
                    .content(store.put(bytes))
                    .build());
        ids.add(id);
        if (i % 5 == 0) {
          ids.add(store.append(NewEvent.overwrite(id).content(store.put(bytes)).build()));
        }
      }
    }
    try (EventStore store = EmbeddedEventStore.open(options(sound))) {
      expected = answers(store);
    }
    assertTrue(expected.values().stream().noneMatch(answer -> answer.startsWith("error")));
  }

  private static StoreOptions options(Path path) {
    return StoreOptions.at(path).withDurability(Durability.NONE).withProfile(Profile.SMALL);
  }

  private Map<String, String> answers(EventStore store) {
    Map<String, String> answers = new LinkedHashMap<>();
    try (Snapshot snapshot = store.snapshot()) {
      ask(answers, "count", () -> "" + snapshot.eventCount());
      ask(answers, "all", () -> list(snapshot.bySeq(1, Long.MAX_VALUE, false)));
      ask(answers, "levels", () -> list(snapshot.byLevel(0, Long.MAX_VALUE, true)));
      ask(answers, "roots", () -> list(snapshot.roots("root")));
      ask(answers, "tagged", () -> list(snapshot.tagged(List.of("a", "b1"))));
      ask(answers, "titled", () -> list(snapshot.titled("t3")));
      ask(answers, "prefix", () -> "" + snapshot.titledFrom("t").count());
      ask(answers, "subtree", () -> list(snapshot.subtree(1, Integer.MAX_VALUE)));
      ask(answers, "subtree count", () -> "" + snapshot.subtreeCount(1, Integer.MAX_VALUE));
      ask(answers, "tree", () -> list(snapshot.tree(1)));
      for (EventId id : ids) {
        ask(answers, "row " + id, () -> describe(snapshot, id));
        ask(answers, "event " + id, () -> snapshot.event(id).orElseThrow().toString());
        ask(answers, "content " + id, () -> content(snapshot, id));
        ask(answers, "metadata " + id, () -> metadata(snapshot, id));
      }
    } catch (StoreException e) {
      answers.put("snapshot", "error " + e.code());
    }
    return answers;
  }

  private static void ask(Map<String, String> answers, String what, Supplier<String> question) {
    try {
      answers.put(what, question.get());
    } catch (StoreException e) {
      answers.put(what, "error " + e.code());
    }
  }

  private static String list(Rows rows) {
    return rows.stream().map(row -> row.id().toString()).toList().toString();
  }

  private static String describe(Snapshot snapshot, EventId id) {
    EventRow row = snapshot.find(id);
    if (row == null) {
      return "absent";
    }
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
    EventRow row = snapshot.find(id);
    return row == null
        ? "absent"
        : snapshot
            .content(row)
            .map(content -> new String(content.readAll(1 << 20), StandardCharsets.ISO_8859_1))
            .orElse("none");
  }

  private static String metadata(Snapshot snapshot, EventId id) {
    EventRow row = snapshot.find(id);
    return row == null ? "absent" : snapshot.effectiveMetadata(row).orElse("none");
  }

  private void compareDamaged(Path damaged, boolean readOnly, String what) {
    Map<String, String> answers;
    try (EventStore store =
        EmbeddedEventStore.open(options(damaged).withReadOnly(readOnly).withCreate(false))) {
      answers = answers(store);
      answers.putAll(answers(store)); // the index may have healed
      store.verify(Cancellation.create(), ProgressListener.NONE);
    } catch (StoreException e) {
      return; // refused
    }
    answers.forEach(
        (question, answer) -> {
          if (!answer.startsWith("error ")) {
            assertEquals(expected.get(question), answer, () -> what + ": " + question);
          }
        });
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(sound)) {
      return files.filter(file -> !file.endsWith("LOCK")).sorted().toList();
    }
  }

  private Path copy(String name) throws IOException {
    Path copy = Files.createDirectories(directory.resolve(name));
    for (Path file : files()) {
      Files.copy(file, copy.resolve(Objects.requireNonNull(file.getFileName())));
    }
    return copy;
  }

  @Test
  void a_flipped_bit_gives_an_error_or_the_right_answer() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("flipped bits: seed " + seed);
    Random random = new Random(seed);
    for (Path file : files()) {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i < SAMPLES_PER_FILE; i++) {
        int at = random.nextInt(bytes.length);
        int bit = random.nextInt(Byte.SIZE);
        String what = file.getFileName() + " bit " + bit + " of byte " + at;
        Path copy = copy("flip-" + file.getFileName() + i);
        byte[] damaged = bytes.clone();
        damaged[at] ^= (byte) (1 << bit);
        Files.write(copy.resolve(Objects.requireNonNull(file.getFileName())), damaged);
        compareDamaged(copy, i % 2 == 0, what);
      }
    }
  }

  @Test
  void a_file_cut_short_gives_an_error_or_the_right_answer() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("cut files: seed " + seed);
    Random random = new Random(seed);
    for (Path file : files()) {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i < SAMPLES_PER_FILE / 6; i++) {
        int length = i == 0 ? 0 : random.nextInt(bytes.length);
        Path copy = copy("cut-" + file.getFileName() + i);
        Files.write(
            copy.resolve(Objects.requireNonNull(file.getFileName())),
            java.util.Arrays.copyOf(bytes, length));
        compareDamaged(copy, i % 2 == 0, file.getFileName() + " cut to " + length);
      }
    }
  }

  @Test
  void a_lost_index_or_note_is_made_anew_and_a_lost_segment_is_named() throws IOException {
    for (Path file : files()) {
      String name = String.valueOf(file.getFileName());
      Path copy = copy("lost-" + name);
      Files.delete(copy.resolve(name));
      if (name.startsWith("index") || name.startsWith("CHECKPOINT")) {
        try (EventStore store = EmbeddedEventStore.open(options(copy))) {
          assertEquals(expected, answers(store));
        }
      } else {
        compareDamaged(copy, false, name + " is lost");
      }
    }
  }

  @Test
  void verify_names_damage_in_a_segment() throws IOException {
    Path copy = copy("verify");
    Path segment = copy.resolve("segment-00000001.log");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 4;
    Files.write(segment, bytes);
    try (EventStore store = EmbeddedEventStore.open(options(copy))) {
      VerifyReport report = store.verify(Cancellation.create(), ProgressListener.NONE);
      assertTrue(report.damageCount() > 0);
      assertTrue(report.damages().get(0).contains("segment 1"), () -> report.damages().get(0));
    }
  }
}
