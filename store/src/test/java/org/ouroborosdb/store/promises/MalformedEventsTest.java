package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Events that are none, in records whose checksums fit. */
class MalformedEventsTest {
  private static final String SEGMENT = "segment-00000001.log";
  private static final int EVENT = 3;

  @TempDir private Path directory;

  @Test
  void verify_says_once_where_an_event_is_that_cannot_be_decoded() throws IOException {
    EventId root;
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(directory))) {
      root = store.append(NewEvent.root("root").build());
      store.append(NewEvent.child(root).title("child").build());
    }
    Path file = directory.resolve(SEGMENT);
    byte[] sound = Files.readAllBytes(file);
    int at = LogBytes.offsets(sound, EVENT).get(1);
    byte[] bytes = sound.clone();
    bytes[at + 20 + EventId.BYTES] = 99; // the version of the event record
    Files.write(file, LogBytes.withChecksums(bytes, sound, LogBytes.number(SEGMENT)));
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(directory))) {
      List<String> damages =
          store.verify(Cancellation.create(), ProgressListener.NONE).damages().stream()
              .filter(damage -> damage.contains("offset"))
              .toList();
      assertEquals(1, damages.size(), damages::toString);
      String[] parts = damages.get(0).split("segment 1 ", -1);
      assertEquals(2, parts.length, damages::toString);
      assertEquals("at offset " + at + ":", parts[1].substring(0, parts[1].indexOf(':') + 1));
    }
  }
}
