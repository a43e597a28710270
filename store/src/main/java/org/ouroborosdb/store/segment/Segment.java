package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.disk.Guard;

/** One segment file: its name, its header, its bytes. Thread-safe for reads. */
final class Segment {
  /** Magic (8), store id (16), segment number (4), CRC-32C of these (4). */
  static final int HEADER_BYTES = 32;

  private static final Pattern NAMES =
      Pattern.compile("segment-([0-9]{8})(?:-([1-9][0-9]{0,2}))?\\.log");

  private static final long MAGIC = 0x4f55_524f_5345_4731L; // "OUROSEG1"

  final int number;
  final DiskFile file;

  Segment(int number, DiskFile file) {
    this.number = number;
    this.file = file;
  }

  /** Returns the place in the log. */
  int place() {
    return Position.placeOf(number);
  }

  static String name(int number) {
    int generation = Position.generationOf(number);
    String rewritten = generation == 0 ? "" : "-" + generation;
    return String.format(Locale.ROOT, "segment-%08d%s.log", Position.placeOf(number), rewritten);
  }

  /** Returns the number in a segment's file name, -1 if it is none. */
  static int number(String name) {
    Matcher matcher = NAMES.matcher(name);
    if (!matcher.matches()) {
      return -1;
    }
    int place = Integer.parseInt(matcher.group(1));
    String rewritten = matcher.group(2);
    int generation = rewritten == null ? 0 : Integer.parseInt(rewritten);
    return Position.placeOf(place) != place || generation > Position.MAX_GENERATION
        ? -1
        : Position.numberOf(place, generation);
  }

  static Segment create(Disk disk, int number, WriterId storeId) throws IOException {
    Segment segment = new Segment(number, disk.open(name(number), true));
    try {
      segment.file.truncate(0);
      segment.file.write(header(number, storeId), 0);
      segment.file.force();
      if (Guard.NAME_FORCE.isOn()) {
        disk.forceDirectory();
      }
      return segment;
    } catch (IOException e) {
      segment.file.close();
      throw e;
    }
  }

  static Segment open(Disk disk, int number) throws IOException {
    return new Segment(number, disk.open(name(number), false));
  }

  boolean hasValidHeader(WriterId storeId) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    if (file.size() < HEADER_BYTES) {
      return false;
    }
    file.readFully(header, 0);
    return header.flip().equals(header(number, storeId));
  }

  static ByteBuffer header(int number, WriterId storeId) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putLong(MAGIC).putLong(storeId.high()).putLong(storeId.low()).putInt(number);
    CRC32C crc = new CRC32C();
    crc.update(header.array(), 0, header.position());
    return header.putInt((int) crc.getValue()).flip();
  }

  /** Reads the record that starts at an offset, and checks that it is what was written there. */
  LogRecord read(long offset, RecordKind kind) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(RecordFormat.HEADER_BYTES);
    int found = file.read(header, offset);
    header.flip();
    int length = found < RecordFormat.HEADER_BYTES ? -1 : RecordFormat.announcedLength(header);
    if (length < 0 || offset + length > file.size()) {
      throw corrupt(offset, "no " + kind + " record starts there");
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    file.readFully(bytes, offset);
    LogRecord record = RecordFormat.read(bytes.flip(), new Position(number, offset));
    if (record == null || record.kind() != kind) {
      throw corrupt(offset, "the checksum of the " + kind + " record does not match");
    }
    return record;
  }

  /** Closes every file, whatever happens to the others. */
  static void closeAll(Collection<Segment> segments) throws IOException {
    IOException failure = null;
    for (Segment segment : segments) {
      try {
        segment.file.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  StoreException corrupt(long offset, String what) {
    return new StoreException(
        ErrorCode.CORRUPT,
        "segment "
            + place()
            + " is damaged at offset "
            + offset
            + ": "
            + what
            + "; run verify to see all damage, and restore the file from a backup");
  }
}
