package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;

/**
 * A small log of random history, of which copies are made that free space, grow and rot, each in
 * its own way.
 */
final class RepairedLog {
  /** Names from here on are of chunks. */
  private static final int CHUNKS = 1_000_000_000;

  /** The parts of one history, each in its segment: chunks, and batches of events. */
  private record Part(int place, int chunk, int bytes, boolean old, List<Member> batch) {}

  /** One event or tombstone. */
  record Member(RecordKind kind, int name, int bytes, int chunk, int parent, boolean freeable) {}

  private final Random random;
  private final List<Part> parts = new ArrayList<>();

  /** What has each sequence number. */
  final TreeMap<Long, Member> members = new TreeMap<>();

  private final List<Integer> chunks = new ArrayList<>();

  RepairedLog(Random random) {
    this.random = random;
    grow(0, 1 + random.nextInt(12), 1);
  }

  private RepairedLog(Random random, RepairedLog start, int count) {
    this.random = random;
    for (Part part : start.parts.subList(0, count)) {
      add(part);
    }
  }

  private void add(Part part) {
    parts.add(part);
    if (part.chunk > 0) {
      chunks.add(part.chunk);
    }
    for (Member member : part.batch) {
      members.put(members.size() + 1L, member);
    }
  }

  private void grow(int names, int count, int first) {
    int place = first;
    for (int i = 0; i < count; i++) {
      place += !parts.isEmpty() && random.nextInt(5) == 0 ? 1 : 0;
      if (random.nextBoolean()) {
        int chunk = CHUNKS + names + parts.size();
        add(new Part(place, chunk, 1 + random.nextInt(60), false, List.of()));
      }
      List<Member> batch = new ArrayList<>();
      for (int j = random.nextInt(5); j >= 0; j--) {
        batch.add(member(names + 10 * parts.size() + j + 1));
      }
      add(new Part(place, 0, 0, random.nextInt(9) == 0, batch));
    }
  }

  private Member member(int name) {
    boolean tombstone = random.nextInt(8) == 0;
    Member earlier = members.get(1L + random.nextInt(members.size() + 1));
    if (tombstone && earlier != null && earlier.freeable) {
      return new Member(RecordKind.TOMBSTONE, earlier.name, 0, 0, 0, false);
    }
    int chunk =
        tombstone || chunks.isEmpty() || random.nextBoolean()
            ? 0
            : chunks.get(random.nextInt(chunks.size()));
    return new Member(
        tombstone ? RecordKind.TOMBSTONE : RecordKind.EVENT,
        name,
        random.nextInt(50),
        chunk,
        earlier == null ? 0 : earlier.name,
        !tombstone && random.nextInt(3) > 0);
  }

  /** Returns what the log was some time ago. */
  RepairedLog earlier() {
    return new RepairedLog(random, this, 1 + random.nextInt(parts.size()));
  }

  /** Returns what a copy made of it, that was written on. */
  RepairedLog grown(int names) {
    RepairedLog grown = new RepairedLog(random, this, parts.size());
    grown.grow(names, 1 + random.nextInt(6), parts.get(parts.size() - 1).place);
    return grown;
  }

  /** Writes the log to a disk. */
  HandmadeLog written() throws IOException {
    HandmadeLog log = new HandmadeLog();
    int place = 1;
    long seq = 1;
    for (Part part : parts) {
      for (; place < part.place; place++) {
        log.segment(place + 1);
      }
      if (part.chunk > 0) {
        log.chunk(part.chunk, part.bytes);
        continue;
      }
      for (Member member : part.batch) {
        ByteBuffer payload = ByteBuffer.allocate(2 * Integer.BYTES + 1 + member.bytes);
        payload.putInt(member.chunk).putInt(member.parent);
        payload.put((byte) (member.freeable ? 1 : 0)).rewind();
        boolean event = member.kind == RecordKind.EVENT;
        log.record(
            member.kind, HandmadeLog.name(member.name), event ? payload : HandmadeLog.NO_NAME);
      }
      if (part.old) {
        log.oldCommit(seq, part.batch.size());
      } else {
        log.commit(seq, part.batch.size());
      }
      seq += part.batch.size();
    }
    return log;
  }

  /** Frees the space of some events that may go, and of the chunks that no event has then. */
  void free(HandmadeLog written, Set<Integer> freed) throws IOException {
    try (SegmentLog log = written.open()) {
      for (int place = 1; place < log.infos().size(); place++) {
        if (random.nextBoolean()) {
          continue;
        }
        members.values().stream()
            .filter(member -> member.freeable && random.nextInt(3) > 0)
            .forEach(member -> freed.add(member.name));
        try (SegmentRewrite rewrite = new SegmentRewrite(log, place, 0)) {
          rewrite.write(new Rest(freed), bytes -> {}, Cancellation.create());
          rewrite.name();
          rewrite.install();
        }
        new ReplacedSegments(log).delete();
      }
    }
  }

  /** Needs what was not freed. */
  private static final class Rest implements SegmentRewrite.Needed {
    private final Set<Integer> freed;

    Rest(Set<Integer> freed) {
      this.freed = freed;
    }

    @Override
    public boolean event(LogRecord record, long seq) {
      return !freed.contains(record.name().getInt(0));
    }

    @Override
    public long levelOf(LogRecord record) {
      return 1;
    }

    @Override
    public SegmentRewrite.Chunks chunks(LogRecord record) {
      return new SegmentRewrite.Chunks(GroupTable.of(record), record.codec(), record.payload());
    }
  }

  /** Damages a log in some places; returns whether more than bits or ends were lost. */
  static boolean rot(Disk disk, Random random, int count) throws IOException {
    boolean noise = false;
    List<String> names = disk.list();
    for (int i = 0; i < count; i++) {
      String name = names.get(random.nextInt(names.size()));
      if (random.nextInt(12) == 0) {
        disk.delete(name);
      }
      if (!disk.exists(name)) {
        continue;
      }
      try (DiskFile file = disk.open(name, false)) {
        noise |= rot(file, random);
      }
    }
    return noise;
  }

  private static boolean rot(DiskFile file, Random random) throws IOException {
    long size = file.size();
    long at = size < 2 ? 0 : random.nextLong(size);
    int count = (int) Math.min(size - at, 1 + random.nextInt(300));
    ByteBuffer bytes = ByteBuffer.allocate(Math.max(1, count));
    int way = random.nextInt(8);
    switch (way) {
      case 0 -> file.truncate(at);
      case 1 -> file.write(bytes, at); // zeros
      case 2 -> {
        random.nextBytes(bytes.array());
        file.write(bytes, random.nextInt(4) == 0 ? size : at);
      }
      default -> {
        bytes.limit(1);
        if (size > 0) {
          file.readFully(bytes, at);
          file.write(bytes.put(0, (byte) (bytes.get(0) ^ 1 << random.nextInt(8))).flip(), at);
        }
      }
    }
    return way == 1 || way == 2;
  }

  /** Returns the names of the events that can be read, wherever they stand. */
  static Set<Integer> names(Disk disk) throws IOException {
    Set<Integer> names = new HashSet<>();
    for (int number : LogCopy.segments(disk).values()) {
      try (RecordFile file = new RecordFile(disk, number)) {
        for (long at = file.nextValid(0); at >= 0; at = file.nextValid(at)) {
          LogRecord record = file.record(at);
          if (record != null && record.kind() == RecordKind.EVENT) {
            names.add(record.name().getInt(0));
          }
        }
      }
    }
    return names;
  }

  /** Reads what such records hold. */
  static final RecordContents CONTENTS =
      new RecordContents() {
        @Override
        public Event event(LogRecord record) {
          int chunk = record.payload().getInt(0);
          int parent = record.payload().getInt(Integer.BYTES);
          List<ChunkRef> chunks =
              chunk == 0
                  ? List.of()
                  : List.of(new ChunkRef(ChunkId.read(HandmadeLog.name(chunk)), 1));
          return new Event(
              EventId.read(record.name().duplicate()),
              EventType.NORMAL,
              HandmadeLog.ID,
              1,
              parent == 0 ? null : EventId.read(HandmadeLog.name(parent)),
              List.of(),
              record.payload().get(2 * Integer.BYTES) == 1,
              null,
              false,
              null,
              null,
              List.of(),
              null,
              new StoredContent(chunks));
        }

        @Override
        public SegmentRewrite.@Nullable Chunks chunks(LogRecord record, Predicate<ChunkId> wanted) {
          GroupTable table = GroupTable.of(record);
          return wanted.test(table.entries().get(0).id())
              ? new SegmentRewrite.Chunks(table, record.codec(), record.payload())
              : null;
        }
      };
}
