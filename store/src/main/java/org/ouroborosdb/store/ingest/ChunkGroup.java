package org.ouroborosdb.store.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.segment.GroupTable;

/**
 * New chunks that go into the log as one record. Thread-safe; whoever calls {@link #write} first
 * writes, and others wait for it.
 */
final class ChunkGroup {
  /**
   * Plain bytes to a group. On a tree of class files, libraries and archives zstd makes 8 % less of
   * groups of 512 KiB than of single chunks, and 1 % less again of 1 MiB; a reader of one chunk
   * decompresses its whole group, in about half a millisecond.
   */
  static final int MAX_BYTES = 512 << 10;

  /** Keeps groups of very small chunks small, for those who read one of them. */
  static final int MAX_CHUNKS = 128;

  private final GroupBuffers buffers;
  private final List<GroupTable.Entry> entries = new ArrayList<>();
  private byte[] bytes;
  private int length;
  private boolean written;

  ChunkGroup(GroupBuffers buffers) {
    this.buffers = buffers;
    bytes = buffers.take();
  }

  synchronized boolean hasRoom(int more) {
    return entries.size() < MAX_CHUNKS && length + more <= MAX_BYTES;
  }

  synchronized void add(ChunkId id, byte[] source, int offset, int count) {
    assert !written;
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, GroupBuffers.grown(bytes.length, length + count));
    }
    System.arraycopy(source, offset, bytes, length, count);
    entries.add(new GroupTable.Entry(id, length, count));
    length += count;
  }

  /** Returns a copy of a chunk's bytes; null once they can be read from the log. */
  synchronized byte @Nullable [] read(ChunkId id) {
    if (!written) {
      for (GroupTable.Entry entry : entries) {
        if (entry.id().equals(id)) {
          return Arrays.copyOfRange(bytes, entry.offset(), entry.offset() + entry.length());
        }
      }
    }
    return null;
  }

  synchronized boolean holds(ChunkRef chunk) {
    return entries.stream()
        .anyMatch(entry -> entry.id().equals(chunk.id()) && entry.length() == chunk.length());
  }

  /** Compresses and appends the chunks unless that is done; after a failure it can be repeated. */
  synchronized void write(ChunkLog log) {
    if (written) {
      return;
    }
    GroupTable table = new GroupTable(entries, length);
    byte[] scratch = buffers.take();
    try {
      int bound = Compression.bound(length);
      scratch = scratch.length < bound ? new byte[bound] : scratch;
      Compression.Stored stored = Compression.compress(bytes, length, scratch);
      log.append(table, stored.codec(), stored.bytes());
    } finally {
      buffers.give(scratch);
    }
    written = true;
    buffers.give(bytes);
    bytes = new byte[0];
  }

  synchronized List<ChunkId> ids() {
    return entries.stream().map(GroupTable.Entry::id).toList();
  }
}
