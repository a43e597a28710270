package org.ouroborosdb.store.patch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.ReclaimReport;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Space that is freed takes nothing from under a PATCH. */
class ReclaimedPatchesTest {
  private static final int LENGTH = 300_000;

  @TempDir private Path directory;
  private final Random random = new Random(1);
  private final List<EventId> versions = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();

  private EventStore open() {
    return EmbeddedEventStore.open(StoreOptions.at(directory));
  }

  private byte[] bytes() {
    byte[] bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    return bytes;
  }

  private NewEvent.Builder patch(EventId replaced, byte[] content) {
    return NewEvent.patch(replaced, new ByteArrayInputStream(content));
  }

  /** Appends PATCHes that stay, each beside PATCHes and contents that expire. */
  private void fill(EventStore store) {
    EventId root = store.append(NewEvent.root("root").build());
    byte[] content = bytes();
    EventId version = store.append(NewEvent.child(root).content(store.put(content)).build());
    for (int i = 0; i < 6; i++) {
      store.append(NewEvent.child(root).temporary(5L).content(store.put(bytes())).build());
      EventId gone =
          store.append(
              patch(version, PatchesTest.edited(random, content, 2)).temporary(5L).build());
      store.append(patch(gone, PatchesTest.edited(random, content, 3)).temporary(null).build());
      content = PatchesTest.edited(random, content, 2);
      version = store.append(patch(version, content).metadata("{\"i\":" + i + "}").build());
      versions.add(version);
      contents.add(content);
    }
  }

  private static ReclaimReport reclaim(EventStore store) {
    for (int i = 0; i < 3; i++) {
      System.gc(); // what was appended is not held any longer, and only the collector knows
    }
    ReclaimOptions all = ReclaimOptions.DEFAULT.withLeastDead(0);
    return store.reclaim(all, Cancellation.create(), ProgressListener.NONE);
  }

  private void check(EventStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      for (int i = 0; i < versions.size(); i++) {
        EventRow row = Objects.requireNonNull(snapshot.find(versions.get(i)));
        assertEquals(EventType.PATCH, row.type());
        assertEquals(contents.get(i).length, row.contentLength());
        assertArrayEquals(contents.get(i), snapshot.content(row).orElseThrow().readAll(1 << 20));
        assertTrue(snapshot.metadata(row).isPresent());
      }
    }
    assertEquals(List.of(), store.verify(Cancellation.create(), ProgressListener.NONE).damages());
  }

  @Test
  void a_chain_reads_as_before_when_what_expired_around_it_is_freed() {
    try (EventStore store = open()) {
      fill(store);
      store.expire();
      store.checkpoint();
      ReclaimReport report = reclaim(store);
      assertTrue(report.freedBytes() > 6L * LENGTH, () -> report.toString());
      check(store);
    }
    try (EventStore store = open()) {
      check(store);
      store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      check(store);
      reclaim(store);
      check(store);
    }
  }

  @Test
  void what_a_patch_under_way_put_and_the_metadata_it_keeps_stay() {
    try (EventStore store = open()) {
      fill(store);
      store.expire();
      byte[] content = PatchesTest.edited(random, contents.get(5), 2);
      try (Transaction transaction = store.begin()) {
        versions.add(transaction.append(patch(versions.get(5), content).build()));
        contents.add(content);
        store.checkpoint();
        assertTrue(reclaim(store).freedBytes() > 0);
        transaction.commit();
      }
      reclaim(store);
      check(store);
    }
  }
}
