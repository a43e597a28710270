package org.ouroborosdb.store.promises;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.embedded.Simulation;
import org.ouroborosdb.store.identity.EventCodec;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.index.HostileRow;
import org.ouroborosdb.store.patch.HostileDelta;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/**
 * What reads bytes from a disk. Each may throw a {@link StoreException} and nothing else, whatever
 * the bytes are, with checksums that fit them: an attacker can compute those too.
 */
enum HostileTarget {
  /** A segment full of records. */
  RECORD {
    @Override
    List<byte[]> seeds() {
      return List.of(sound().get(SEGMENT));
    }

    @Override
    void read(byte[] input) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.put("FORMAT", sound().get("FORMAT"));
      disk.put(SEGMENT, LogBytes.withChecksums(input, sound().get(SEGMENT), 1));
      readAll(disk);
    }
  },
  /** An event's record. */
  EVENT {
    @Override
    List<byte[]> seeds() {
      return events();
    }

    @Override
    void read(byte[] input) {
      EventCodec.decodeVerified(input);
    }
  },
  /** An event's values: what is read and sealed again is the same event. */
  CANONICAL_ENCODING {
    @Override
    List<byte[]> seeds() {
      return events();
    }

    @Override
    void read(byte[] input) {
      SealedEvent event = EventCodec.decodeVerified(input);
      if (!EventCodec.decodeVerified(EventCodec.encode(event)).equals(event)) {
        throw new AssertionError("the event reads back as another: " + event.id());
      }
    }
  },
  /** The FORMAT file. */
  FORMAT_FILE {
    @Override
    List<byte[]> seeds() {
      return List.of(sound().get("FORMAT"));
    }

    @Override
    void read(byte[] input) {
      SimulatedDisk disk = new SimulatedDisk();
      byte[] format = input.clone();
      if (format.length > CRC_BYTES) {
        CRC32C crc = new CRC32C();
        crc.update(format, 0, format.length - CRC_BYTES);
        ByteBuffer.wrap(format).putInt(format.length - CRC_BYTES, (int) crc.getValue());
      }
      disk.put("FORMAT", format);
      disk.put(SEGMENT, sound().get(SEGMENT));
      readAll(disk);
    }
  },
  /** A row of the index. */
  INDEX_ROW {
    private final HostileRow row = new HostileRow();

    @Override
    List<byte[]> seeds() {
      try (EventStore store = new Simulation(1).open(copy(sound()), StoreOptions.inMemory());
          Snapshot snapshot = store.snapshot()) {
        return HostileRow.rowsOf(snapshot, snapshot.seq());
      }
    }

    @Override
    void read(byte[] input) {
      row.read(input);
    }
  },
  /** The change that a PATCH stores. */
  DELTA {
    private final HostileDelta delta = new HostileDelta();

    @Override
    List<byte[]> seeds() {
      return delta.seeds();
    }

    @Override
    void read(byte[] input) {
      delta.read(input);
    }
  },
  /** A frame: its codec, the length it should have, its bytes. */
  COMPRESSED_FRAME {
    @Override
    List<byte[]> seeds() {
      List<byte[]> seeds = new ArrayList<>();
      for (int length : new int[] {100, 5_000, 1 << 20}) {
        byte[] zeros = new byte[length];
        byte[] target = new byte[Compression.bound(length)];
        Compression.Stored stored = Compression.compress(zeros, length, target);
        ByteBuffer frame = ByteBuffer.allocate(1 + Integer.BYTES + stored.bytes().remaining());
        seeds.add(frame.put(stored.codec()).putInt(length).put(stored.bytes()).array());
      }
      return seeds;
    }

    @Override
    void read(byte[] input) {
      ByteBuffer frame = ByteBuffer.wrap(input);
      if (frame.remaining() > Integer.BYTES) {
        byte codec = frame.get();
        int rawLength = frame.getInt();
        if (Compression.decompress(codec, frame.slice(), rawLength).length != rawLength) {
          throw new AssertionError("not " + rawLength + " bytes");
        }
      }
    }
  };

  private static final String SEGMENT = "segment-00000001.log";
  private static final int CRC_BYTES = Integer.BYTES;
  private static final int SEGMENT_HEADER_BYTES = 32;
  private static final int RECORD_HEADER_BYTES = 20;
  private static final int MOST_BYTES = 1 << 16;
  private static final SimulatedDisk SOUND = makeSound();

  /** Returns inputs to start from. */
  abstract List<byte[]> seeds();

  /** Reads an input. */
  abstract void read(byte[] input);

  private static SimulatedDisk sound() {
    return SOUND;
  }

  private static SimulatedDisk makeSound() {
    SimulatedDisk disk = new SimulatedDisk();
    Random random = new Random(3);
    try (EventStore store = new Simulation(3).open(disk, StoreOptions.inMemory())) {
      EventId root = store.append(NewEvent.root("root").metadata("{}").tags("a", "b").build());
      EventId child = store.append(NewEvent.child(root).title("t").mediaType("text/plain").build());
      byte[] bytes = new byte[900];
      random.nextBytes(bytes);
      EventId one = store.append(NewEvent.overwrite(child).content(store.put(bytes)).build());
      store.append(
          NewEvent.overwrite(child)
              .merges(List.of(one))
              .content(store.put(new byte[3000]))
              .build());
      EventId gone = store.append(NewEvent.child(root).temporary(5L).build());
      try (var transaction = store.begin()) {
        transaction.deleteTemporary(List.of(gone));
        transaction.commit();
      }
    }
    return disk;
  }

  private static SimulatedDisk copy(SimulatedDisk from) {
    SimulatedDisk copy = new SimulatedDisk();
    from.names().forEach(name -> copy.put(name, from.get(name)));
    return copy;
  }

  private static List<byte[]> events() {
    ByteBuffer segment = ByteBuffer.wrap(sound().get(SEGMENT)).position(SEGMENT_HEADER_BYTES);
    List<byte[]> events = new ArrayList<>();
    while (segment.hasRemaining()) {
      int at = segment.position();
      int kind = segment.get(at + 4);
      int named = kind == 2 || kind == 4 ? 0 : EventId.BYTES;
      byte[] payload = new byte[segment.getInt(at + 12)];
      segment.position(at + RECORD_HEADER_BYTES + named).get(payload);
      if (kind == 3) {
        events.add(payload);
      }
    }
    return events;
  }

  private static void readAll(SimulatedDisk disk) {
    try (EventStore store = new Simulation(1).open(disk, StoreOptions.inMemory());
        Snapshot snapshot = store.snapshot()) {
      for (EventRow row : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
        readAll(snapshot, row);
      }
    }
  }

  private static void readAll(Snapshot snapshot, EventRow row) {
    try {
      snapshot.event(row.id());
      snapshot.heads(row.baseSeq()).count();
      snapshot.subtree(row.seq(), Integer.MAX_VALUE).count();
      snapshot.effectiveMetadata(row);
      snapshot.content(row).ifPresent(HostileTarget::start);
    } catch (StoreException e) {
      assert e.code() != ErrorCode.CLOSED;
    }
  }

  private static void start(Content content) {
    content.read(0, (int) Math.min(MOST_BYTES, content.length()));
  }
}
