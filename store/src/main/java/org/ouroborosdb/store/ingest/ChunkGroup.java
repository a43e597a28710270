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
   * Plain bytes to a group of many chunks: whoever reads one of them decompresses the whole group,
   * half a megabyte in about half a millisecond. Fewer and longer chunks may take more, which a
   * store says; zstd makes less of them.
   */
  static final int MAX_BYTES_OF_MANY = 512 << 10;

  private static final int MANY = 48;

  /** Keeps groups of very small chunks small, for those who read one of them. */
  static final int MAX_CHUNKS = 128;

  private final GroupBuffers buffers;
  private final int maxBytes;
  private final List<GroupTable.Entry> entries = new ArrayList<>();
  private byte[] bytes;
  private int length;
  private boolean written;

  /** Creates a group of at most so many bytes. */
  ChunkGroup(GroupBuffers buffers, int maxBytes) {
    this.buffers = buffers;
    this.maxBytes = maxBytes;
    bytes = buffers.take();
  }

  synchronized boolean hasRoom(int more) {
    int most = entries.size() < MANY ? maxBytes : Math.min(maxBytes, MAX_BYTES_OF_MANY);
    return entries.size() < MAX_CHUNKS && length + more <= most;
  }

  synchronized void add(ChunkId id, byte[] source, int offset, int count) {
    assert !written;
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, GroupBuffers.grown(bytes.length, length + count, maxBytes));
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
