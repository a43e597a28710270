package org.ouroborosdb.store.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.MemoryDisk;

/** Reads every field of an index row whose bytes somebody chose. */
public final class HostileRow {
  private static final int CACHE_BYTES = 1 << 20;
  private static final long SEQ = 5;

  private final EventIndex index;

  /** Makes an empty index, in which other rows are looked for. */
  public HostileRow() {
    try {
      index = new IndexFile(new MemoryDisk()).create(CACHE_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the rows of an index, as bytes. */
  public static List<byte[]> rowsOf(org.ouroborosdb.store.Snapshot snapshot, long last) {
    List<byte[]> rows = new java.util.ArrayList<>();
    for (long seq = 1; seq <= last; seq++) {
      if (snapshot.find(seq) instanceof IndexRow row) {
        rows.add(row.bytes());
      }
    }
    return rows;
  }

  /** Reads a row; every field is an answer or a {@link StoreException}. */
  public String read(byte[] bytes) {
    StringBuilder read = new StringBuilder();
    IndexRow row = new IndexRow(index, SEQ, bytes);
    List<Supplier<Object>> fields =
        List.of(
            row::id,
            row::type,
            row::parentSeq,
            () -> String.valueOf(row.parent()),
            row::rootSeq,
            row::root,
            row::baseSeq,
            row::depth,
            row::writer,
            row::position,
            row::level,
            () -> String.valueOf(row.expiresAt()),
            () -> String.valueOf(row.title()),
            () -> String.valueOf(row.mediaType()),
            row::tags,
            row::merges,
            () -> String.valueOf(row.metadata()),
            () -> String.valueOf(row.content()),
            row::contentLength);
    for (Supplier<Object> field : fields) {
      try {
        read.append(field.get());
      } catch (StoreException e) {
        read.append(e.code());
      }
    }
    return read.toString();
  }
}
