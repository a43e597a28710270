package org.ouroborosdb.store;

import java.io.InputStream;
import java.util.List;

/**
 * A store of event trees: the door to this module. Thread-safe.
 *
 * <p>Events and chunks go in and never change; what was read once reads the same for ever. Readers
 * work on a {@link Snapshot}, writers through {@link #append} or a {@link Transaction}.
 *
 * <p>All failures are {@link StoreException}s; a caller's slip that no data could mend (a null, a
 * negative number) is an {@link IllegalArgumentException} or {@link NullPointerException}.
 */
public interface EventStore extends AutoCloseable {
  /** Returns the store's own id, which a copy of its directory changes at its first open. */
  WriterId id();

  /** Returns whether this handle refuses writes, by its options or because the disk failed. */
  boolean isReadOnly();

  /** Returns the newest committed state. */
  Snapshot snapshot();

  /** Starts a transaction over the newest committed state. */
  Transaction begin();

  /** Appends one event in a transaction of its own, and returns its id once it is durable. */
  default EventId append(NewEvent event) {
    try (Transaction transaction = begin()) {
      EventId id = transaction.append(event);
      transaction.commit();
      return id;
    }
  }

  /**
   * Stores bytes as chunks, each one once, outside of any transaction; they become part of an event
   * when one refers to the result. Reads the stream to its end in bounded memory, holds no lock
   * while it reads, and does not close it.
   *
   * @param cancellation stops the call
   * @param progress is told bytes read so far
   * @throws StoreException if the stream fails ({@link ErrorCode#IO_FAILED}) or the store does
   */
  StoredContent put(InputStream bytes, Cancellation cancellation, ProgressListener progress);

  /**
   * Stores the bytes of a stream; see {@link #put(InputStream, Cancellation, ProgressListener)}.
   */
  default StoredContent put(InputStream bytes) {
    return put(bytes, Cancellation.create(), ProgressListener.NONE);
  }

  /**
   * Stores what an open content of this store holds: names its chunks, or, where its bytes are made
   * as they are read, puts them.
   */
  default StoredContent put(Content content) {
    return content.chunks().isEmpty() ? put(content.stream()) : new StoredContent(content.chunks());
  }

  /** Stores bytes that are already in memory. */
  StoredContent put(byte[] bytes);

  /** Counts what the store holds. */
  Statistics statistics();

  /**
   * Says what takes the space, by kind. Reads the header of every record, of a sealed segment once
   * while the store is open: milliseconds a gigabyte of content, a second for some million events.
   *
   * @param cancellation stops the call
   * @param progress is told bytes of segments passed, of all
   */
  List<StorageUse> storage(Cancellation cancellation, ProgressListener progress);

  /** Returns the segment files, in order of their numbers. */
  List<SegmentInfo> segments();

  /**
   * Returns the segment files with how much of them is live, in order of their numbers. Reads all
   * of the index, and nothing of the segments.
   *
   * @param cancellation stops the call
   */
  List<SegmentUse> segmentUse(Cancellation cancellation);

  /**
   * Reads every record of every segment, on all processors, and checks what the depth says.
   *
   * @param cancellation stops the call
   * @param progress is told bytes read, of all bytes
   */
  VerifyReport verify(VerifyDepth depth, Cancellation cancellation, ProgressListener progress);

  /** Verifies in full; see {@link #verify(VerifyDepth, Cancellation, ProgressListener)}. */
  default VerifyReport verify(Cancellation cancellation, ProgressListener progress) {
    return verify(VerifyDepth.FULL, cancellation, progress);
  }

  /**
   * Builds the index anew from the segments and puts it in the old one's place. Open snapshots stay
   * readable.
   *
   * @param cancellation stops the call, which leaves the old index
   * @param progress is told bytes read, of all bytes
   */
  void rebuildIndex(Cancellation cancellation, ProgressListener progress);

  /**
   * Takes a checkpoint, then writes the index anew without what is dead in its file, however little
   * that is. Open snapshots stay readable; writers wait. Does nothing in memory.
   *
   * @param cancellation stops the call, which leaves the old index
   * @param progress is told entries copied, of all entries
   * @return by how many bytes the index file became shorter
   */
  long compact(Cancellation cancellation, ProgressListener progress);

  /**
   * Removes the temporary events whose {@code expires_at} has passed, each with its subtree, as
   * {@link Transaction#deleteTemporary} does, in transactions of some thousand events.
   *
   * @param cancellation stops the call between two transactions; what is removed stays so
   * @param progress is told events removed, of an unknown number
   * @return how many were removed, descendants included
   */
  long expire(Cancellation cancellation, ProgressListener progress);

  /** Removes what has expired; see {@link #expire(Cancellation, ProgressListener)}. */
  default long expire() {
    return expire(Cancellation.create(), ProgressListener.NONE);
  }

  /**
   * Frees what removed events and chunks that no event refers to take in the segments: the rest of
   * a sealed segment is copied to a new one, the worst segment first; the last one is sealed for
   * that if need be. Others read and write meanwhile. Replaced files that somebody may still read
   * are deleted by a later call, checkpoint, close or open.
   *
   * @param options how much must be dead in a segment, and how fast to go
   * @param cancellation stops the call; segments that are done stay so
   * @param progress is told bytes of segments done, of those that seem worth it
   */
  ReclaimReport reclaim(
      ReclaimOptions options, Cancellation cancellation, ProgressListener progress);

  /** Forces all commits and writes the index, so that the next open has nothing to replay. */
  void checkpoint();

  /**
   * Shows a store that was opened for reading only as its writer has left it by now; snapshots that
   * are open stay as they are. Does nothing on any other, which always shows the newest state.
   */
  default void refresh() {}

  /** Ends the store after a checkpoint. Idempotent; waits for calls under way. */
  @Override
  void close();
}
