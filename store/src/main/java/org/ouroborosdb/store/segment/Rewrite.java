package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.disk.Guard;

/**
 * Writes a part of a segment anew in its place, with the same bytes, after a force of it failed.
 *
 * <p>The operating system may take such bytes for written though the disk lacks them, and would not
 * write them again by itself.
 */
final class Rewrite {
  private static final int BUFFER_BYTES = 1 << 20;

  private static final LogVisitor NOBODY =
      new LogVisitor() {
        @Override
        public void chunk(LogRecord record) {}

        @Override
        public void committed(LogRecord record, long seq) {}

        @Override
        public void batchEnd(Position end, long lastSeq) {}
      };

  private final Segment segment;

  Rewrite(Segment segment) {
    this.segment = segment;
  }

  /** Reads the records between two of their ends, checks them, and writes them. */
  void run(long from, long end) throws IOException {
    if (from >= end || !Guard.REWRITE.isOn()) {
      return;
    }
    long stop = new SegmentScan(segment, from, end).run(NOBODY, Cancellation.create());
    if (stop < end) {
      throw segment.corrupt(stop, "a failed write lost what was there");
    }
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (long at = from; at < end; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, end - at));
      segment.file.readFully(buffer, at);
      segment.file.write(buffer.flip(), at);
    }
  }
}
