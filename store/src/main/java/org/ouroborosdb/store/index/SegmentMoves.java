package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.WriteBuffer;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.Position;

/**
 * Moves what an index says of one segment to the one that was written in its place. For one thread,
 * while nothing else changes the index.
 */
public final class SegmentMoves {
  private static final String GENERATION = "generation-";
  private static final String MOVING = "moving";
  private static final int PLACE_NUMBERS = 5; // before the position: see RowCodec

  // A record has a frame (20) and a name (64), an entry of a group's table 68. An event's has, more
  // than its row (id 64, flags, level and short numbers: 83), those 84, and of fields with their
  // tags: id 66, writer and salt 18 each, level 9, type 2; then, of a child, the parent's id 66.
  private static final long CHUNK_FRAME_BYTES = 84;
  private static final long GROUPED_BYTES = 68;
  private static final long ROOT_RECORD_BYTES = 114;
  private static final long CHILD_RECORD_BYTES = 180;

  private final EventIndex index;
  private final IndexMaps maps;

  /** Works on an index. */
  public SegmentMoves(EventIndex index) {
    this.index = index;
    this.maps = index.maps();
  }

  /** Returns which rewritten segments an index stands for, by their places. */
  public static Map<Integer, Integer> generations(EventIndex index) {
    Map<Integer, Integer> generations = new HashMap<>();
    try {
      for (Cursor<String, Long> all = index.maps().numbers.cursor(GENERATION); all.hasNext(); ) {
        String name = all.next();
        if (!name.startsWith(GENERATION)) {
          break;
        }
        generations.put(
            Integer.parseInt(name.substring(GENERATION.length())), all.getValue().intValue());
      }
    } catch (MVStoreException e) {
      throw index.failed("reading the numbers of segments", e);
    }
    return generations;
  }

  /** Returns whether a crash left it between two segments, so that it must be built anew. */
  public static boolean isHalfDone(EventIndex index) {
    return index.number(MOVING) != 0;
  }

  /** Says which rewritten segments it stands for. */
  public void setGenerations(Map<Integer, Integer> generations) {
    try {
      generations.forEach(
          (place, generation) -> maps.numbers.put(GENERATION + place, (long) generation));
    } catch (MVStoreException e) {
      throw index.failed("writing the numbers of segments", e);
    }
  }

  /** Starts to move: a checkpoint before the end is of no use to an open. */
  public void begin() {
    try {
      maps.numbers.put(MOVING, 1L);
    } catch (MVStoreException e) {
      throw index.failed("moving a segment", e);
    }
  }

  /** Ends moving. */
  public void end(Map<Integer, Integer> generations) {
    setGenerations(generations);
    try {
      maps.numbers.remove(MOVING);
    } catch (MVStoreException e) {
      throw index.failed("moving a segment", e);
    }
    index.forgetRows();
  }

  /** Takes removed events out of the maps that no open snapshot can see. */
  public void purge() {
    index.publish();
  }

  /** Returns whether the record of an event at a position is what a row stands for. */
  public boolean isNeeded(long seq, Position at) {
    IndexRow row = stored(seq);
    return row != null && row.position().equals(at);
  }

  private @Nullable IndexRow stored(long seq) {
    try {
      byte[] bytes = maps.rows.get(seq);
      return bytes == null ? null : new IndexRow(index, seq, bytes);
    } catch (MVStoreException e) {
      throw index.failed("reading an event's row", e);
    }
  }

  /** Moves an event from a segment, if it still is there. */
  public void moveEvent(long seq, int fromSegment, Position to) {
    try {
      byte[] row = maps.rows.get(seq);
      if (row != null && new IndexRow(index, seq, row).position().segment() == fromSegment) {
        maps.rows.put(seq, withPosition(row, to));
      }
    } catch (MVStoreException e) {
      throw index.failed("moving an event", e);
    }
  }

  private static byte[] withPosition(byte[] row, Position to) {
    ByteBuffer bytes = ByteBuffer.wrap(row).position(RowCodec.REST_OFFSET);
    for (int i = 0; i < PLACE_NUMBERS; i++) {
      DataUtils.readVarLong(bytes);
    }
    int start = bytes.position();
    DataUtils.readVarLong(bytes);
    WriteBuffer number = new WriteBuffer(Long.BYTES * 2);
    number.putVarLong(to.toLong());
    int length = number.position();
    ByteBuffer moved = ByteBuffer.allocate(start + length + bytes.remaining());
    moved.put(row, 0, start).put(number.getBuffer().array(), 0, length).put(bytes);
    return moved.array();
  }

  /** Moves a chunk from a segment, if it still is there. */
  public void moveChunk(ChunkId id, int fromSegment, ChunkLocation to) {
    ChunkLocation now = index.find(id);
    if (now != null && now.position().segment() == fromSegment) {
      index.chunks().remove(id);
      index.add(id, to);
    }
  }

  /** Forgets a chunk, so that the next put stores it again. */
  public void forget(ChunkId id) {
    try {
      index.chunks().remove(id);
    } catch (MVStoreException e) {
      throw index.failed("forgetting a chunk", e);
    }
  }

  /** Returns how long the record of a chunk is; of one in a group, its share without the frame. */
  public static long recordBytes(ChunkLocation at) {
    return at.storedLength() + (at.grouped() ? GROUPED_BYTES : CHUNK_FRAME_BYTES);
  }

  /** Hands over where each chunk is. */
  public void forEachChunk(BiConsumer<ChunkId, ChunkLocation> use, Cancellation cancellation) {
    try {
      for (Cursor<long[], byte[]> all = index.chunkCursor(); all.hasNext(); ) {
        cancellation.check();
        long[] key = all.next();
        byte[] value = all.getValue();
        use.accept(ChunkCodec.id(key, value), ChunkCodec.location(value));
      }
    } catch (MVStoreException e) {
      throw index.failed("listing chunks", e);
    }
  }

  /** Hands over where the record of each event but some is, and roughly how long. */
  public void forEachRow(
      BiConsumer<Position, Long> use, LongPredicate without, Cancellation cancellation) {
    try {
      for (Cursor<Long, byte[]> all = maps.rows.cursor(null); all.hasNext(); ) {
        cancellation.check();
        long seq = all.next();
        if (without.test(seq)) {
          continue;
        }
        byte[] bytes = all.getValue();
        IndexRow row = new IndexRow(index, seq, bytes);
        long more = row.parentSeq() == 0 ? ROOT_RECORD_BYTES : CHILD_RECORD_BYTES;
        use.accept(row.position(), bytes.length + more);
      }
    } catch (MVStoreException e) {
      throw index.failed("listing events", e);
    }
  }

  /** Returns which events in the index are removed, and shown by no open snapshot. */
  public LongPredicate gone() {
    long oldest = Math.min(index.snapshots().oldest(), index.lastSeq());
    return seq -> index.isHidden(seq, oldest);
  }

  /** Returns the oldest state that an open snapshot shows; the greatest number if none is open. */
  public static long oldestSnapshot(EventIndex index) {
    return index.snapshots().oldest();
  }
}
