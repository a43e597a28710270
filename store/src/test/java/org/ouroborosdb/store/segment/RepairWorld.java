package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.segment.HandmadeLog.Seen;
import org.ouroborosdb.store.segment.RepairedLog.Member;

/** A pair of copies of one log, of which one mends the other; see {@link RandomRepairTest}. */
final class RepairWorld {
  private final Random random;
  private final RepairedLog mine;
  private final RepairedLog theirs;
  private final HandmadeLog log;
  private final HandmadeLog copy;
  private final Set<Integer> freed = new HashSet<>();
  private final Set<Integer> freedThere = new HashSet<>();
  private final boolean copyKnowsAll;
  private final boolean oneHistory;
  private long survived;

  RepairWorld(long seed) throws IOException {
    random = new Random(seed);
    RepairedLog start = new RepairedLog(random);
    int way = random.nextInt(6);
    mine = way == 1 || way == 3 ? start.grown(100_000) : start;
    theirs = way == 2 || way == 3 ? start.grown(200_000) : way == 4 ? start.earlier() : start;
    oneHistory = way != 3;
    log = mine.written();
    copy = theirs.written();
    boolean freeing = random.nextInt(3) > 0;
    if (freeing && random.nextInt(4) > 0) {
      mine.free(log, freed);
    }
    if (freeing && random.nextInt(4) > 0) {
      theirs.free(copy, freedThere);
    }
    boolean rotten = random.nextInt(6) == 0;
    if (rotten) {
      RepairedLog.rot(copy.disk, random, 2);
    }
    copyKnowsAll = !rotten && !freeing && (way == 0 || way == 5);
  }

  /** Mends, checks, and returns a digest of what became of the log. */
  long run() throws IOException {
    Position end = random.nextBoolean() ? LogFiles.endOfFiles(log.disk) : null;
    int damages = oneHistory ? 1 + random.nextInt(4) : 1;
    Map<Integer, Long> sizes = sizes();
    boolean noise = RepairedLog.rot(log.disk, random, damages);
    // Of what is lost to the last byte nothing tells whether another way was taken.
    boolean lostEnd = !sizes().equals(sizes);
    Set<Integer> there = RepairedLog.names(log.disk);
    survived = lastSeq();
    LogRepair.Result result =
        new LogRepair(
                log.disk,
                copy.disk,
                HandmadeLog.ID,
                end,
                end == null ? 0 : mine.members.lastKey(),
                RepairedLog.CONTENTS,
                () -> {},
                Cancellation.create(),
                ProgressListener.NONE)
            .run();
    assertTrue(RepairedLog.names(log.disk).containsAll(there), "what was there stays");
    assertTrue(log.disk.list().stream().allMatch(LogCopy::isSegment), "nothing is unfinished");
    boolean canTell = oneHistory || !(lostEnd || noise);
    if (canTell) {
      checkNumbers(log.disk);
    }
    if (canTell && result.left().isEmpty()) {
      checkWhole(end != null);
    }
    if (copyKnowsAll && !noise && damages == 1) {
      assertEquals(List.of(), result.left());
    }
    return digest(result);
  }

  private long digest(LogRepair.Result result) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(result.toString().getBytes(StandardCharsets.UTF_8));
    for (String name : log.disk.list()) {
      crc.update(name.getBytes(StandardCharsets.UTF_8));
      try (RecordFile file = new RecordFile(log.disk, Segment.number(name))) {
        crc.update(file.bytes(0, (int) file.size()));
      }
    }
    return crc.getValue();
  }

  private Map<Integer, Long> sizes() throws IOException {
    Map<Integer, Long> sizes = new HashMap<>();
    for (int number : LogCopy.segments(log.disk).values()) {
      try (RecordFile file = new RecordFile(log.disk, number)) {
        sizes.put(number, file.size());
      }
    }
    return sizes;
  }

  /** Returns the last number that what is left of the log tells. */
  private long lastSeq() throws IOException {
    long last = 0;
    for (int number : LogCopy.segments(log.disk).values()) {
      try (RecordFile file = new RecordFile(log.disk, number)) {
        last = Math.max(last, PlaceRecords.read(file, Cancellation.create()).lastSeq());
      }
    }
    return last;
  }

  /** What has a number is what had it. */
  private void checkNumbers(Disk disk) throws IOException {
    for (int number : LogCopy.segments(disk).values()) {
      try (RecordFile file = new RecordFile(disk, number)) {
        PlaceRecords records = PlaceRecords.read(file, Cancellation.create());
        for (int i = 0; i < records.seqs.size(); i++) {
          LogRecord record = file.record(records.offsets.get(i));
          assertNotNull(record);
          check(record, records.seqs.get(i));
        }
      }
    }
  }

  private void check(LogRecord record, long seq) {
    for (long at = seq; at < seq + PlaceRecords.count(record); at++) {
      Member own = mine.members.get(at);
      Member other = at > survived ? theirs.members.get(at) : null;
      assertTrue(is(own, record) || is(other, record), "number " + at + " is " + record);
    }
  }

  /** What is behind all that is left may come from the copy. */
  private static boolean is(@Nullable Member member, LogRecord record) {
    return member != null
        && (record.kind() == RecordKind.FREED
            ? member.freeable()
            : member.kind() == record.kind() && member.name() == record.name().getInt(0));
  }

  private void checkWhole(boolean endKnown) {
    Seen seen = new Seen();
    log.open(seen).close();
    long next = 1;
    for (String line : seen.lines) {
      if (!line.startsWith("chunk")) {
        boolean some = line.contains("freed");
        assertEquals(next, Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)), line);
        next += some ? Long.parseLong(line.substring(0, line.indexOf(' '))) : 1;
      }
    }
    assertTrue(!endKnown || next > mine.members.lastKey(), "the log ends before " + next);
    for (long seq = 1; seq <= survived; seq++) {
      Member member = mine.members.get(seq);
      assertNotNull(member);
      boolean gone = freed.contains(member.name()) || freedThere.contains(member.name());
      String line =
          member.kind().name().toLowerCase(Locale.ROOT) + " " + member.name() + " is " + seq;
      assertTrue(gone || seen.lines.contains(line), line);
    }
  }
}
