package org.ouroborosdb.store.ingest;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.SegmentRewrite;

/** Takes chunks that nobody needs out of a group, whose others are packed anew. Stateless. */
public final class ChunkTrim {
  private ChunkTrim() {}

  /** Returns what is needed of a record, each chunk checked against its name; null if nothing. */
  public static SegmentRewrite.@Nullable Chunks keep(LogRecord record, Predicate<ChunkId> needed) {
    GroupTable table = GroupTable.of(record);
    List<GroupTable.Entry> kept =
        table.entries().stream().filter(entry -> needed.test(entry.id())).toList();
    if (kept.isEmpty()) {
      return null;
    }
    if (kept.size() == table.entries().size()) {
      return new SegmentRewrite.Chunks(table, record.codec(), table.stored(record));
    }
    ChunkReader.verify(record);
    byte[] all = Compression.decompress(record.codec(), table.stored(record), table.rawLength());
    byte[] bytes = new byte[table.rawLength()];
    List<GroupTable.Entry> entries = new ArrayList<>(kept.size());
    int length = 0;
    for (GroupTable.Entry entry : kept) {
      System.arraycopy(all, entry.offset(), bytes, length, entry.length());
      entries.add(new GroupTable.Entry(entry.id(), length, entry.length()));
      length += entry.length();
    }
    byte[] scratch = new byte[Compression.bound(length)];
    Compression.Stored stored = Compression.compress(bytes, length, scratch);
    ByteBuffer copy = ByteBuffer.allocate(stored.bytes().remaining());
    copy.put(stored.bytes().duplicate()).flip();
    return new SegmentRewrite.Chunks(new GroupTable(entries, length), stored.codec(), copy);
  }
}
