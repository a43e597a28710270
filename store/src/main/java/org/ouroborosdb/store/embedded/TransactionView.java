package org.ouroborosdb.store.embedded;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkInfo;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Rows;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.index.IndexSnapshot;
import org.ouroborosdb.store.index.TreeSnapshot;

/** A snapshot with the changes of one open transaction laid over it. */
final class TransactionView extends TreeSnapshot {
  private static final Comparator<EventRow> BY_SEQ = Comparator.comparingLong(EventRow::seq);
  private static final Comparator<EventRow> BY_LEVEL =
      Comparator.comparingLong(EventRow::level).thenComparingLong(EventRow::seq);

  private final IndexSnapshot base;
  private final Changes changes;
  private volatile boolean ended;

  TransactionView(IndexSnapshot base, Changes changes) {
    this.base = base;
    this.changes = changes;
  }

  IndexSnapshot base() {
    return base;
  }

  @Override
  public long seq() {
    return base.seq();
  }

  /** The past knows no change of this transaction, unless it removed what was there. */
  @Override
  public Snapshot asOfSeq(long seq) {
    requireOpen();
    return changes.hasRemovals() ? super.asOfSeq(seq) : base.asOfSeq(seq);
  }

  @Override
  public Snapshot asOfLevel(long level) {
    requireOpen();
    return changes.hasRemovals() ? super.asOfLevel(level) : base.asOfLevel(level);
  }

  @Override
  public long eventCount() {
    requireOpen();
    return base.eventCount() + changes.countDifference();
  }

  @Override
  public @Nullable EventRow find(EventId id) {
    requireOpen();
    PendingEvent own = changes.find(id);
    return own != null ? visible(own) : visible(base.find(id));
  }

  @Override
  public @Nullable EventRow find(long seq) {
    requireOpen();
    return seq >= EventRow.FIRST_PENDING_SEQ ? visible(changes.find(seq)) : visible(base.find(seq));
  }

  private @Nullable EventRow visible(@Nullable EventRow row) {
    return row == null || changes.isRemoved(row.seq()) ? null : row;
  }

  @Override
  public Optional<Event> event(EventId id) {
    requireOpen();
    PendingEvent own = changes.find(id);
    if (own != null) {
      return changes.isRemoved(own.seq()) ? Optional.empty() : Optional.of(own.event());
    }
    return find(id) == null ? Optional.empty() : base.event(id);
  }

  @Override
  public Rows bySeq(long from, long to, boolean descending) {
    return merged(
        base.bySeq(from, to, descending),
        row -> row.seq() >= from && row.seq() <= to,
        descending ? BY_SEQ.reversed() : BY_SEQ);
  }

  @Override
  public Rows byLevel(long from, long to, boolean descending) {
    return merged(
        base.byLevel(from, to, descending),
        row -> row.level() >= from && row.level() <= to,
        descending ? BY_LEVEL.reversed() : BY_LEVEL);
  }

  @Override
  public Rows withParent(long parentSeq) {
    return mergedBelow(base.withParent(parentSeq), parentSeq, row -> true, BY_LEVEL);
  }

  @Override
  public Rows titled(String title) {
    return merged(base.titled(title), row -> title.equals(row.title()), BY_SEQ);
  }

  @Override
  public Rows titledFrom(String prefix) {
    return merged(
        base.titledFrom(prefix),
        row -> row.title() != null && row.title().startsWith(prefix),
        BY_SEQ);
  }

  @Override
  public Rows titled(long parentSeq, String title) {
    return mergedBelow(
        base.titled(parentSeq, title), parentSeq, row -> title.equals(row.title()), BY_SEQ);
  }

  @Override
  public Rows tagged(Collection<String> tags) {
    return merged(base.tagged(tags), row -> row.tags().containsAll(tags), BY_SEQ);
  }

  @Override
  public Rows tree(long rootSeq) {
    return merged(base.tree(rootSeq), row -> row.rootSeq() == rootSeq, BY_SEQ);
  }

  @Override
  protected Rows versionsOnly(long baseSeq) {
    Rows committed =
        baseSeq < EventRow.FIRST_PENDING_SEQ
            ? () -> base.versions(baseSeq).stream().filter(row -> row.type().isVersion()).iterator()
            : () -> List.<EventRow>of().iterator();
    return merged(committed, row -> row.baseSeq() == baseSeq && row.type().isVersion(), BY_SEQ);
  }

  /** The heads before the transaction, less those it replaced, and its own: no walk of history. */
  @Override
  public Rows heads(long seq) {
    return () -> {
      EventRow row = find(seq);
      if (row == null || row.baseSeq() >= EventRow.FIRST_PENDING_SEQ || changes.hasRemovals()) {
        return super.heads(seq).iterator();
      }
      List<EventRow> heads = new ArrayList<>(base.heads(row.baseSeq()).stream().toList());
      List<EventRow> own = changes.replacing(row.baseSeq(), Long.MAX_VALUE);
      heads.addAll(own);
      for (EventRow version : own) {
        heads.removeIf(head -> Condition.replaces(version, head.id()));
      }
      heads.sort(Comparator.comparingLong(EventRow::level).thenComparing(EventRow::id).reversed());
      return heads.iterator();
    };
  }

  @Override
  public long subtreeCount(long seq, int maxDepth) {
    return changes.isEmpty() ? base.subtreeCount(seq, maxDepth) : subtree(seq, maxDepth).count();
  }

  @Override
  protected Content openChunks(StoredContent content) {
    return base.open(content);
  }

  @Override
  public @Nullable ChunkInfo chunk(ChunkId id) {
    return base.chunk(id);
  }

  @Override
  public Iterable<ChunkInfo> chunks() {
    return base.chunks();
  }

  private Rows merged(Rows committed, Predicate<EventRow> matches, Comparator<EventRow> order) {
    return () -> {
      Iterator<EventRow> from = committed.iterator();
      if (changes.isEmpty()) {
        return from;
      }
      List<EventRow> own = changes.matching(matches, order);
      return new Merged(from, own.iterator(), order);
    };
  }

  private Rows mergedBelow(
      Rows committed, long parentSeq, Predicate<EventRow> matches, Comparator<EventRow> order) {
    return () -> {
      Iterator<EventRow> from = committed.iterator();
      return changes.isEmpty()
          ? from
          : new Merged(from, changes.below(parentSeq, matches, order).iterator(), order);
    };
  }

  @Override
  protected void requireOpen() {
    if (ended) {
      throw new StoreException(ErrorCode.CLOSED, "the transaction has ended");
    }
    base.requireOpen();
  }

  /** Does nothing: the view ends with its transaction. */
  @Override
  public void close() {}

  /** Releases the state, with the transaction. */
  void end() {
    ended = true;
    base.close();
  }

  /** Merges two ordered sources, leaving out what the transaction removed. */
  private final class Merged implements Iterator<EventRow> {
    private final Iterator<EventRow> committed;
    private final Iterator<EventRow> own;
    private final Comparator<EventRow> order;
    private @Nullable EventRow nextCommitted;
    private @Nullable EventRow nextOwn;

    Merged(Iterator<EventRow> committed, Iterator<EventRow> own, Comparator<EventRow> order) {
      this.committed = committed;
      this.own = own;
      this.order = order;
    }

    @Override
    public boolean hasNext() {
      while (nextCommitted == null && committed.hasNext()) {
        nextCommitted = visible(committed.next());
      }
      if (nextOwn == null && own.hasNext()) {
        nextOwn = own.next();
      }
      return nextCommitted != null || nextOwn != null;
    }

    @Override
    public EventRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      EventRow a = nextCommitted;
      EventRow b = nextOwn;
      if (a != null && (b == null || order.compare(a, b) <= 0)) {
        nextCommitted = null;
        return a;
      }
      nextOwn = null;
      return java.util.Objects.requireNonNull(b);
    }
  }
}
