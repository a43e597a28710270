package org.ouroborosdb.store.segment;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;

/** A segment file of which any byte may be wrong, read record by record. For one thread. */
final class RecordFile implements Closeable {
  private static final int WINDOW_BYTES = 1 << 20;

  private final int number;
  private final @Nullable DiskFile file;
  private final @Nullable RecordContents contents;
  private final long size;

  /** Opens a segment; one that does not exist is empty. What events hold is not read. */
  RecordFile(Disk disk, int number) throws IOException {
    this(disk, number, null);
  }

  /**
   * Opens a segment; one that does not exist is empty.
   *
   * @param contents reads events: what is none is no valid record; null to take any
   */
  RecordFile(Disk disk, int number, @Nullable RecordContents contents) throws IOException {
    this.number = number;
    this.contents = contents;
    String name = Segment.name(number);
    file = disk.exists(name) ? disk.open(name, false) : null;
    size = file == null ? 0 : file.size();
  }

  long size() {
    return size;
  }

  /** Returns all bytes of the valid record that starts at an offset; null if there is none. */
  @Nullable ByteBuffer at(long offset) throws IOException {
    if (file == null || offset + RecordFormat.HEADER_BYTES > size) {
      return null;
    }
    ByteBuffer header = ByteBuffer.allocate(RecordFormat.HEADER_BYTES);
    file.readFully(header, offset);
    int length = RecordFormat.announcedLength(header.flip());
    if (length < 0 || offset + length > size) {
      return null;
    }
    ByteBuffer record = bytes(offset, length);
    LogRecord read = RecordFormat.read(record.duplicate(), new Position(number, offset));
    return read == null || !SegmentScan.isOfItsKind(read) || !isSound(read) ? null : record;
  }

  private boolean isSound(LogRecord record) {
    return contents == null || contents.isSound(record);
  }

  /** Returns the valid record that starts at an offset; null if there is none. */
  @Nullable LogRecord record(long offset) throws IOException {
    ByteBuffer bytes = at(offset);
    return bytes == null ? null : RecordFormat.read(bytes, new Position(number, offset));
  }

  /** Returns whether a record starts at an offset whose end was cut off with the file's. */
  boolean isCutAt(long offset) throws IOException {
    if (offset + RecordFormat.HEADER_BYTES > size) {
      return true;
    }
    int length = RecordFormat.announcedLength(bytes(offset, RecordFormat.HEADER_BYTES));
    return length > size - offset;
  }

  /** Returns bytes, whatever they are. */
  ByteBuffer bytes(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    if (file != null) {
      file.readFully(bytes, offset);
    }
    return bytes.flip();
  }

  /** Returns the offset of the first valid record that starts behind an offset; -1 for none. */
  long nextValid(long offset) throws IOException {
    for (long start = offset + 1; start + RecordFormat.HEADER_BYTES <= size; ) {
      ByteBuffer window = bytes(start, (int) Math.min(WINDOW_BYTES, size - start));
      int last = window.limit() - Integer.BYTES;
      for (int i = 0; i <= last; i++) {
        if (window.getInt(i) == RecordFormat.MAGIC && at(start + i) != null) {
          return start + i;
        }
      }
      start += last + 1;
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
