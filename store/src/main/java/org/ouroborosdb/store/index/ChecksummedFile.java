package org.ouroborosdb.store.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.disk.Guard;

/**
 * A file of blocks, each followed by its checksum, which every read checks. Reads are thread-safe;
 * one thread writes.
 *
 * <p>The CRC-32C covers the block's number too. The first two blocks, MVStore's headers, are
 * rewritten in place and may be torn by a power loss: they are two copies, each with a checksum of
 * its own, and are handed out unchecked.
 */
final class ChecksummedFile {
  static final int BLOCK_BYTES = 4096;

  private static final int STORED_BYTES = BLOCK_BYTES + Integer.BYTES;
  private static final int HEADER_BLOCKS = 2;

  /** A write goes through a buffer of half a megabyte at most. */
  private static final int BLOCKS_A_WRITE = 128;

  private final String name;
  private final DiskFile file;
  private volatile long knownBytes; // a length the file once had, so that not each read asks for it

  ChecksummedFile(String name, DiskFile file) {
    this.name = name;
    this.file = file;
  }

  /** Returns the bytes on disk of a file of some plain bytes. */
  static long storedLength(long length) {
    return length / BLOCK_BYTES * STORED_BYTES;
  }

  /** Returns the plain bytes of whole blocks in the file. */
  long size() throws IOException {
    return file.size() / STORED_BYTES * BLOCK_BYTES;
  }

  /** Reads {@code length} bytes, which must exist; the result is at their start. */
  ByteBuffer read(long position, int length) throws IOException {
    long first = position / BLOCK_BYTES;
    int count = (int) ((position + length - 1) / BLOCK_BYTES - first) + 1;
    if (length < 0 || !reaches((first + count) * STORED_BYTES)) {
      throw new DamagedBlockException(name, first + count - 1);
    }
    ByteBuffer stored = ByteBuffer.allocate(count * STORED_BYTES);
    file.readFully(stored, first * STORED_BYTES);
    byte[] bytes = stored.array();
    for (int i = 0; i < count; i++) {
      int at = i * STORED_BYTES;
      if (first + i >= HEADER_BLOCKS
          && Guard.BLOCK_CHECKSUM.isOn()
          && stored.getInt(at + BLOCK_BYTES) != crc(first + i, bytes, at)) {
        throw new DamagedBlockException(name, first + i);
      }
      System.arraycopy(bytes, at, bytes, i * BLOCK_BYTES, BLOCK_BYTES);
    }
    return ByteBuffer.wrap(bytes, (int) (position - first * BLOCK_BYTES), length).slice();
  }

  private boolean reaches(long bytes) throws IOException {
    if (bytes > knownBytes) {
      knownBytes = file.size();
    }
    return bytes <= knownBytes;
  }

  /** Writes whole blocks at a block's start. */
  void write(ByteBuffer source, long position) throws IOException {
    int count = source.remaining() / BLOCK_BYTES;
    if (position % BLOCK_BYTES != 0 || source.remaining() % BLOCK_BYTES != 0) {
      throw new AssertionError("write of " + source.remaining() + " bytes at " + position);
    }
    ByteBuffer stored = ByteBuffer.allocate(Math.min(count, BLOCKS_A_WRITE) * STORED_BYTES);
    byte[] bytes = stored.array();
    for (long block = position / BLOCK_BYTES; source.hasRemaining(); ) {
      long first = block;
      for (stored.clear(); stored.hasRemaining() && source.hasRemaining(); block++) {
        int at = stored.position();
        source.get(bytes, at, BLOCK_BYTES);
        stored.position(at + BLOCK_BYTES).putInt(crc(block, bytes, at));
      }
      file.write(stored.flip(), first * STORED_BYTES);
    }
  }

  void force() throws IOException {
    file.force();
  }

  void truncate(long length) throws IOException {
    knownBytes = 0;
    file.truncate(storedLength(length));
  }

  void close() throws IOException {
    file.close();
  }

  private static int crc(long block, byte[] bytes, int offset) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, BLOCK_BYTES);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      crc.update((int) (block >>> shift));
    }
    return (int) crc.getValue();
  }
}
