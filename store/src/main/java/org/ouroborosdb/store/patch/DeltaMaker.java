package org.ouroborosdb.store.patch;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.identity.Sha512;

/**
 * Makes the delta between two contents while it is read as a stream. One use, one thread.
 *
 * <p>Chunks of the new content that the base has, further on than all before, are windows without a
 * frame; what lies between two of them is coded against what lies between the same two in the base.
 * Memory is some 4 MiB, and 60 bytes a window.
 */
public final class DeltaMaker extends InputStream {
  /**
   * A delta takes at most a quarter of the plain bytes of the new chunks: half of what they take on
   * disk, if compression halves them. That is an estimate: nothing is compressed to find out.
   */
  private static final long LEAST_GAIN = 4;

  /** What is written when nothing is found for so long is coded against what lies there. */
  private static final int MOST_RUN_BYTES = 4 * Window.MAX_BYTES;

  /** How much more of the base than of the run is looked at where much was removed. */
  private static final int SLACK_BYTES = Window.MAX_BYTES / 2;

  private final Content base;
  private final Cuts target;
  private final BaseChunks baseChunks;
  private final Predicate<ChunkRef> known;
  private final MessageDigest resultHash = Sha512.digest();
  private final ByteArrayOutputStream table = new ByteArrayOutputStream();
  private final boolean alone; // one window against the whole base
  private byte[] ready = {};
  private int at;
  private boolean done;

  private final byte[] run; // not found in the base

  private int runLength;
  private long copyOffset; // found in the base, and not written yet
  private int copyLength;
  private MessageDigest copyHash = Sha512.digest();

  private long baseAt; // where the ranges of the windows so far end
  private long length;
  private long frames;
  private long windows;
  private long total;
  private long unknownBytes;

  /**
   * Starts.
   *
   * @param target the new content, read to its end and left open
   * @param known says whether the store has a chunk
   */
  public DeltaMaker(Content base, InputStream target, Predicate<ChunkRef> known) {
    this.base = base;
    this.target = new Cuts(target);
    this.known = known;
    baseChunks = new BaseChunks(base);
    alone =
        base.length() <= Window.MAX_BASE_BYTES
            && this.target.fill()
            && this.target.available() <= Window.MAX_BYTES;
    run = new byte[alone ? this.target.available() : MOST_RUN_BYTES];
  }

  /** Returns whether the delta, read to its end, takes at most a quarter of new chunks' bytes. */
  public boolean isWorth() {
    return total <= unknownBytes / LEAST_GAIN
        && length - base.length() <= DeltaEnd.MOST_GAIN * total;
  }

  @Override
  public int read() {
    return fill() ? ready[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    if (count == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int given = Math.min(count, ready.length - at);
    System.arraycopy(ready, at, bytes, offset, given);
    at += given;
    return given;
  }

  /** Makes on until there are bytes; returns whether there are any. */
  private boolean fill() {
    while (at == ready.length && !done) {
      at = 0;
      ready = new byte[0];
      step();
      total += ready.length;
    }
    return at < ready.length;
  }

  private void step() {
    if (!target.next()) {
      writeCopy();
      writeRun(base.length());
      finish();
      return;
    }
    byte[] bytes = target.bytes();
    int offset = target.offset();
    int count = target.length();
    resultHash.update(bytes, offset, count);
    ChunkId id = Sha512.chunkId(bytes, offset, count);
    if (!known.test(new ChunkRef(id, count))) {
      unknownBytes += count;
    }
    long found = alone ? -1 : baseChunks.find(id, baseAt + copyLength());
    if (found >= 0) {
      writeRun(found);
      if (copyLength > 0
          && (copyOffset + copyLength != found || copyLength + count > Window.MAX_BYTES)) {
        writeCopy();
      }
      copyOffset = copyLength == 0 ? found : copyOffset;
      copyHash.update(bytes, offset, count);
      copyLength += count;
      return;
    }
    writeCopy();
    if (runLength + count > run.length) {
      writeRun(Math.min(base.length(), baseAt + runLength));
    }
    System.arraycopy(bytes, offset, run, runLength, count);
    runLength += count;
  }

  /** Returns how far the copy that is not written reaches behind the windows so far. */
  private long copyLength() {
    return copyLength == 0 ? 0 : copyOffset + copyLength - baseAt;
  }

  private void writeCopy() {
    if (copyLength > 0) {
      byte[] hash = Arrays.copyOf(copyHash.digest(), Window.HASH_BYTES);
      entry(copyLength, copyOffset, copyLength, null, hash);
      copyLength = 0;
    }
  }

  /**
   * Writes what was not found, coded against the base up to an offset: from there backwards, since
   * what was found follows.
   */
  private void writeRun(long baseEnd) {
    if (runLength > Window.MAX_BYTES || baseEnd - baseAt > Window.MAX_BASE_BYTES) {
      writeStart(baseEnd);
      baseAt = Math.max(baseAt, baseEnd - runLength - SLACK_BYTES);
    }
    for (int from = 0; from < runLength; from += Window.MAX_BYTES) {
      int to = Math.min(from + Window.MAX_BYTES, runLength);
      int range = (int) Math.max(0, baseEnd - (runLength - to) - baseAt);
      byte[] raw = Arrays.copyOfRange(run, from, to);
      byte[] frame = Compression.compressAgainst(base.read(baseAt, range), raw);
      entry(raw.length, baseAt, range, frame, Window.hashOf(raw));
    }
    runLength = 0;
  }

  /**
   * Takes what is still as in the base off the start of the run: much was removed behind it, so
   * that no range reaches both what is before and what is after.
   */
  private void writeStart(long baseEnd) {
    byte[] same = base.read(baseAt, (int) Math.min(runLength, baseEnd - baseAt));
    int count = Arrays.mismatch(run, 0, runLength, same, 0, same.length);
    count = count < 0 ? runLength : count;
    for (int from = 0; from < count; from += Window.MAX_BYTES) {
      byte[] copy = Arrays.copyOfRange(same, from, Math.min(from + Window.MAX_BYTES, count));
      entry(copy.length, baseAt, copy.length, null, Window.hashOf(copy));
    }
    System.arraycopy(run, count, run, 0, runLength - count);
    runLength -= count;
  }

  private void entry(
      int count, long baseOffset, int baseLength, byte @Nullable [] frame, byte[] hash) {
    length += count;
    windows++;
    baseAt = baseOffset + baseLength;
    if (frame != null) {
      frames += frame.length;
      append(frame);
    }
    table.writeBytes(
        ByteBuffer.allocate(Window.BYTES)
            .putLong(length)
            .putLong(baseOffset)
            .putInt(baseLength)
            .putLong(frames)
            .put(hash)
            .array());
  }

  private void finish() {
    append(table.toByteArray());
    int links = PatchedContent.links(base) + 1;
    append(
        new DeltaEnd(links, base.length(), length, windows, baseChunks.hash(), resultHash.digest())
            .toBytes());
    done = true;
  }

  private void append(byte[] bytes) {
    byte[] before = ready;
    ready = Arrays.copyOf(before, before.length + bytes.length);
    System.arraycopy(bytes, 0, ready, before.length, bytes.length);
  }
}
