package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroborosdb.store.Oracle.Node;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Random histories, each compared with an {@link Oracle} that is plain lists. */
class RandomHistoryTest {
  private static final int STEPS = 60;

  @TempDir private Path directory;

  /**
   * One run: the store, what it should hold, and snapshots held open with what they should show.
   */
  private static final class Run implements AutoCloseable {
    final Random random;
    final StoreOptions options;
    EventStore store;
    Oracle oracle = new Oracle();
    final List<Snapshot> held = new ArrayList<>();
    final List<Oracle> heldOracles = new ArrayList<>();
    int titles;

    Run(StoreOptions options, long seed) {
      this.options = options;
      this.random = new Random(seed);
      this.store = EmbeddedEventStore.open(options);
    }

    void step() {
      switch (random.nextInt(10)) {
        case 0 -> checkHeld();
        case 1 -> reopenOrRebuild();
        case 2 -> hold();
        default -> transaction();
      }
      try (Snapshot snapshot = store.snapshot()) {
        oracle.check(snapshot);
      }
    }

    private void hold() {
      held.add(store.snapshot());
      heldOracles.add(oracle.copy());
    }

    private void checkHeld() {
      for (int i = 0; i < held.size(); i++) {
        heldOracles.get(i).check(held.get(i));
      }
    }

    private void reopenOrRebuild() {
      checkHeld();
      held.forEach(Snapshot::close);
      held.clear();
      heldOracles.clear();
      switch (options.path() == null ? 0 : random.nextInt(3)) {
        case 0 -> store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
        case 1 -> store.checkpoint();
        default -> {
          store.close();
          store = EmbeddedEventStore.open(options);
        }
      }
    }

    private void transaction() {
      Oracle working = oracle.copy();
      try (Transaction transaction = store.begin()) {
        for (int i = random.nextInt(6); i >= 0; i--) {
          Oracle before = working.copy();
          int mark = transaction.mark();
          change(transaction, working);
          if (random.nextInt(8) == 0) {
            transaction.rollbackTo(mark);
            working = before;
          }
        }
        working.check(transaction.view());
        if (random.nextInt(5) != 0) {
          transaction.commit();
          oracle = working;
        }
      }
    }

    private void change(Transaction transaction, Oracle working) {
      List<Node> temporary = working.where(node -> node.draft.temporary());
      if (!temporary.isEmpty() && random.nextInt(6) == 0) {
        Node top = pick(temporary);
        assertEquals(working.remove(top), transaction.deleteTemporary(List.of(top.id)));
        return;
      }
      Node parent = working.all().isEmpty() ? null : pick(working.all());
      byte[] content = random.nextBoolean() ? bytes() : null;
      NewEvent draft = draft(working, parent, content);
      EventId id = transaction.append(draft);
      long level = Objects.requireNonNull(transaction.view().find(id)).level();
      Node above = draft.type() == EventType.ROOT ? null : parent;
      assertTrue(above == null || level > above.level);
      boolean removes = draft.type() == EventType.REMOVE;
      working.add(new Node(id, draft, removes ? null : content, above, level));
    }

    private NewEvent draft(Oracle working, @Nullable Node parent, byte @Nullable [] content) {
      NewEvent.Builder builder;
      boolean temporary = random.nextInt(4) == 0;
      if (parent == null || random.nextInt(8) == 0) {
        builder = NewEvent.root("root" + titles++);
      } else {
        temporary |= parent.draft.temporary();
        EventType type = random.nextInt(4) == 0 ? EventType.REMOVE : EventType.OVERWRITE;
        boolean version = parent.draft.type().isVersion() || random.nextInt(3) == 0;
        builder = NewEvent.of(version ? type : EventType.NORMAL, parent.id);
        if (random.nextBoolean()) {
          builder.title("t" + random.nextInt(5));
        }
        List<Node> heads = working.heads(parent.base);
        if (version && random.nextBoolean()) {
          builder.merges(
              heads.stream()
                  .filter(node -> node != node.base && node != parent)
                  .map(node -> node.id)
                  .toList());
        }
        if (version && type == EventType.REMOVE) {
          content = null;
        }
      }
      for (String tag : List.of("a", "b", "ü")) {
        if (random.nextInt(4) == 0) {
          builder.tags(tag);
        }
      }
      if (random.nextInt(3) == 0) {
        builder.metadata("{\"n\":" + random.nextInt(20) + "}");
      }
      if (temporary) {
        builder.temporary(random.nextBoolean() ? (Long) 5L : null);
      }
      return builder.content(content == null ? null : store.put(content)).build();
    }

    private byte[] bytes() {
      int length = random.nextInt(20) == 0 ? 300_000 : random.nextInt(40);
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }

    private <T> T pick(List<T> from) {
      return from.get(random.nextInt(from.size()));
    }

    @Override
    public void close() {
      held.forEach(Snapshot::close);
      store.close();
    }
  }

  private static void run(StoreOptions options, long seed) {
    System.out.println("random history: seed " + seed);
    try (Run run = new Run(options, seed)) {
      for (int i = 0; i < STEPS; i++) {
        run.step();
      }
      VerifyReport report = run.store.verify(Cancellation.create(), ProgressListener.NONE);
      assertTrue(report.isSound(), () -> report.damages().toString());
      Statistics before = run.store.statistics();
      run.held.forEach(Snapshot::close);
      run.store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      Statistics after = run.store.statistics();
      assertEquals(before.events(), after.events());
      assertEquals(before.roots(), after.roots());
      assertEquals(before.chunks(), after.chunks());
      assertEquals(before.logicalBytes(), after.logicalBytes());
      assertEquals(before.uniqueBytes(), after.uniqueBytes());
      assertEquals(before.storedBytes(), after.storedBytes());
      run.store.close();
      assertThrows(StoreException.class, run.store::snapshot);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void a_directory_store_behaves_as_plain_lists_do(long seed) {
    run(
        StoreOptions.at(directory.resolve("db"))
            .withProfile(Profile.SMALL)
            .withDurability(Durability.NONE),
        seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void a_memory_store_behaves_as_plain_lists_do(long seed) {
    run(StoreOptions.inMemory(), seed);
  }

  @Test
  void a_fresh_seed_behaves_as_plain_lists_do() {
    run(
        StoreOptions.at(directory.resolve("fresh")).withDurability(Durability.NONE),
        new Random().nextLong());
  }
}
