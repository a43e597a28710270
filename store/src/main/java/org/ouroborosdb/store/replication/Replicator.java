package org.ouroborosdb.store.replication;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.embedded.ReplicaStore;

/**
 * Merges a store with others: the union of both sets of events and tombstones, the same whatever
 * the order, repetition or interruption. The store stays in use meanwhile. Thread-safe.
 *
 * <p>Everything that comes is verified before it is stored. Roots of equal titles and several heads
 * of one base stand beside each other afterwards. A tombstone removes only what is temporary.
 */
public final class Replicator {
  private final EventStore events;
  private final ReplicaStore store;
  private final Clock clock;
  private final long mostTombstones;

  private Replicator(EventStore events, Clock clock, long mostTombstones) {
    this.events = events;
    this.store = ReplicaStore.of(events);
    this.clock = clock;
    this.mostTombstones = mostTombstones;
  }

  /**
   * Returns the replicator of an open store.
   *
   * @throws IllegalArgumentException if it is no store of this machine
   */
  public static Replicator of(EventStore store) {
    return of(store, Clock.systemUTC(), Limits.MAX_TOMBSTONES);
  }

  /** Returns a replicator that notes times by a clock, of a store that keeps so many removals. */
  static Replicator of(EventStore store, Clock clock, long mostTombstones) {
    return new Replicator(store, clock, mostTombstones);
  }

  /**
   * Takes what this store lacks from a peer. What has come by the end of the call, whatever ends
   * it, is committed, and the next call goes on from there.
   *
   * @throws StoreException {@link ErrorCode#PEER_INVALID} if the peer sends anything wrong, {@link
   *     ErrorCode#CONFLICT} if it is this store, {@link ErrorCode#LIMIT_EXCEEDED} for more than
   *     {@link Limits#MAX_TOMBSTONES} removals, {@link ErrorCode#CANCELLED}, or what either store's
   *     disk says
   */
  public SyncReport pull(Peer peer, SyncOptions options) {
    return pull(peer, new Deadline(options.budget(), options.cancellation()), options, false);
  }

  private SyncReport pull(Peer peer, Deadline deadline, SyncOptions options, boolean compare) {
    return new Pull(store, peer, deadline, options.progress(), clock::millis, mostTombstones)
        .run(compare);
  }

  /**
   * Merges this store and another of this machine: takes what this one lacks, then gives what the
   * other lacks, and compares. Progress is told of each way in turn.
   *
   * @param otherName what people call the other store
   * @param name what people call this one
   * @throws StoreException as {@link #pull}
   */
  public SyncResult sync(EventStore other, String otherName, String name, SyncOptions options) {
    Deadline deadline = new Deadline(options.budget(), options.cancellation());
    Replicator there = of(other, clock, mostTombstones);
    SyncResult result = sync(there, otherName, name, deadline, options, false);
    if (result.equal() || !result.received().complete() || !result.sent().complete()) {
      return result;
    }
    // A cursor was wrong, or somebody wrote meanwhile: what is lacking is found without cursors.
    SyncResult again = sync(there, otherName, name, deadline, options, true);
    return new SyncResult(
        result.received().plus(again.received()), result.sent().plus(again.sent()), again.equal());
  }

  private SyncResult sync(
      Replicator there,
      String otherName,
      String name,
      Deadline deadline,
      SyncOptions options,
      boolean compare) {
    SyncReport received;
    SyncReport sent;
    try (Peer peer = Peer.of(there.events, otherName)) {
      received = pull(peer, deadline, options, compare);
    }
    try (Peer peer = Peer.of(events, name)) {
      sent = there.pull(peer, deadline, options, compare);
    }
    return new SyncResult(received, sent, state(store).showsTheSameAs(state(there.store)));
  }

  static Peer.State state(ReplicaStore store) {
    try (ReplicaStore.View view = store.view()) {
      return new Peer.State(
          view.storeId(),
          view.changes().last(),
          view.changes().digest(false),
          view.changes().digest(true));
    }
  }

  /** Returns the stores that this one took changes from, the last asked first. */
  public List<ReplicaInfo> replicas() {
    return new ReplicaList(store.disk())
        .all().stream()
            .map(
                cursor ->
                    new ReplicaInfo(
                        cursor.storeId(),
                        cursor.name(),
                        cursor.taken().seq(),
                        cursor.lastSeq(),
                        Instant.ofEpochMilli(cursor.millis())))
            .toList();
  }

  /** Returns the changes of the store behind a sequence number, 0 for all, waiting for more. */
  public ChangeFeed changes(long afterSeq) {
    return new ChangeFeed(store, afterSeq);
  }

  /**
   * What became of two stores that were merged. Immutable.
   *
   * @param received what the first took from the second
   * @param sent what the second took from the first
   * @param equal whether both show the same state, proved by digests of all ids; false if the time
   *     was up, or if somebody wrote meanwhile
   */
  public record SyncResult(SyncReport received, SyncReport sent, boolean equal) {}

  /**
   * How to merge. Immutable.
   *
   * @param budget the time after which to stop, with what was done kept; null for none
   * @param cancellation stops the call with {@link org.ouroborosdb.store.ErrorCode#CANCELLED}; what
   *     was done is kept too
   * @param progress is told changes looked at, of all that are to be
   */
  public record SyncOptions(
      @Nullable Duration budget, Cancellation cancellation, ProgressListener progress) {
    /** Checks that nothing is missing. */
    public SyncOptions {
      Objects.requireNonNull(cancellation, "cancellation");
      Objects.requireNonNull(progress, "progress");
    }

    /** Returns options without any bound. */
    public static SyncOptions unbounded() {
      return new SyncOptions(null, Cancellation.create(), ProgressListener.NONE);
    }

    /** Returns these options with a time budget. */
    public SyncOptions withBudget(Duration value) {
      return new SyncOptions(value, cancellation, progress);
    }
  }

  /**
   * What one store took from another. Immutable.
   *
   * @param events the events stored
   * @param tombstones the tombstones stored
   * @param chunks the chunks stored
   * @param dropped the events that came and were dropped, since they or ancestors of them are
   *     removed
   * @param ignoredTombstones the tombstones that name permanent events, and do nothing
   * @param bytes the bytes of all questions and answers
   * @param complete whether the store has all that the other had when the call began; if not, the
   *     time was up
   */
  public record SyncReport(
      long events,
      long tombstones,
      long chunks,
      long dropped,
      long ignoredTombstones,
      long bytes,
      boolean complete) {
    SyncReport plus(SyncReport next) {
      return new SyncReport(
          events + next.events,
          tombstones + next.tombstones,
          chunks + next.chunks,
          dropped + next.dropped,
          ignoredTombstones + next.ignoredTombstones,
          bytes + next.bytes,
          next.complete);
    }
  }

  /**
   * What a store knows of another that it took changes from. Immutable.
   *
   * @param storeId the other store's id
   * @param name what it was called last: its path, for a store of this machine
   * @param cursor the sequence number of its last change that was taken; 0 if that is not known
   * @param lastSeq the sequence number of its last change when it was asked last
   * @param syncedAt when it was asked last
   */
  public record ReplicaInfo(
      WriterId storeId, String name, long cursor, long lastSeq, Instant syncedAt) {
    /** Returns about how many of its changes were not taken yet. */
    public long lag() {
      return Math.max(0, lastSeq - cursor);
    }
  }
}
