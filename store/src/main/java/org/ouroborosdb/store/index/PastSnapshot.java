package org.ouroborosdb.store.index;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkInfo;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Rows;
import org.ouroborosdb.store.StoredContent;

/**
 * A snapshot's committed events up to a sequence number and a level. Both are closed under
 * ancestors, so that what is left is a state of its own: heads and winners are those of it. Lives
 * as long as the snapshot below.
 */
final class PastSnapshot extends TreeSnapshot {
  private final TreeSnapshot now;
  private final long maxSeq;
  private final long maxLevel;

  PastSnapshot(TreeSnapshot now, long maxSeq, long maxLevel) {
    this.now = now;
    this.maxSeq = Math.min(maxSeq, now.seq());
    this.maxLevel = maxLevel;
  }

  private boolean shows(EventRow row) {
    return row.seq() <= maxSeq && row.level() <= maxLevel;
  }

  private @Nullable EventRow shown(@Nullable EventRow row) {
    return row != null && shows(row) ? row : null;
  }

  private Rows shown(Rows rows) {
    return () -> new Filtered(rows.iterator(), this::shows);
  }

  @Override
  public long seq() {
    return Math.max(0, maxSeq);
  }

  @Override
  public long eventCount() {
    return maxLevel == Long.MAX_VALUE
        ? bySeq(1, maxSeq, false).count()
        : byLevel(Long.MIN_VALUE, maxLevel, false).count();
  }

  @Override
  public @Nullable EventRow find(EventId id) {
    return shown(now.find(id));
  }

  @Override
  public @Nullable EventRow find(long seq) {
    return shown(now.find(seq));
  }

  @Override
  public Optional<Event> event(EventId id) {
    return find(id) == null ? Optional.empty() : now.event(id);
  }

  @Override
  public Optional<Event> event(EventRow row) {
    return find(row.seq()) == null ? Optional.empty() : now.event(row);
  }

  @Override
  public Rows bySeq(long from, long to, boolean descending) {
    return shown(now.bySeq(from, Math.min(to, maxSeq), descending));
  }

  @Override
  public Rows byLevel(long from, long to, boolean descending) {
    return shown(now.byLevel(from, Math.min(to, maxLevel), descending));
  }

  @Override
  public Rows withParent(long parentSeq) {
    return shown(now.withParent(parentSeq));
  }

  @Override
  public Rows children(long parentSeq) {
    return shown(now.children(parentSeq));
  }

  @Override
  public Rows titled(String title) {
    return shown(now.titled(title));
  }

  @Override
  public Rows titledFrom(String prefix) {
    return shown(now.titledFrom(prefix));
  }

  @Override
  public Rows titled(long parentSeq, String title) {
    return shown(now.titled(parentSeq, title));
  }

  @Override
  public Rows tagged(Collection<String> tags) {
    return shown(now.tagged(tags));
  }

  @Override
  public Rows tree(long rootSeq) {
    return shown(now.tree(rootSeq));
  }

  @Override
  protected Rows versionsOnly(long baseSeq) {
    return shown(now.versionsOnly(baseSeq));
  }

  @Override
  public Rows heads(long seq) {
    return () -> {
      EventRow row = find(seq);
      List<? extends EventRow> heads =
          row == null ? null : headsUpTo(row.baseSeq(), maxSeq, maxLevel);
      return heads == null
          ? super.heads(seq).iterator()
          : heads.stream()
              .<EventRow>map(head -> head)
              .sorted(BY_LEVEL_AND_ID.reversed())
              .iterator();
    };
  }

  @Override
  protected @Nullable List<? extends EventRow> headsUpTo(long baseSeq, long seq, long level) {
    return now.headsUpTo(baseSeq, Math.min(seq, maxSeq), Math.min(level, maxLevel));
  }

  @Override
  protected Content openChunks(StoredContent content) {
    return now.open(content);
  }

  @Override
  public @Nullable ChunkInfo chunk(ChunkId id) {
    return now.chunk(id);
  }

  @Override
  public Iterable<ChunkInfo> chunks() {
    return now.chunks();
  }

  @Override
  protected void requireOpen() {
    now.requireOpen();
  }

  @Override
  public void close() {
    // whoever opened the snapshot below closes it
  }

  private static final class Filtered implements Iterator<EventRow> {
    private final Iterator<EventRow> rows;
    private final Predicate<EventRow> shows;
    private @Nullable EventRow next;

    Filtered(Iterator<EventRow> rows, Predicate<EventRow> shows) {
      this.rows = rows;
      this.shows = shows;
    }

    @Override
    public boolean hasNext() {
      while (next == null && rows.hasNext()) {
        EventRow row = rows.next();
        next = shows.test(row) ? row : null;
      }
      return next != null;
    }

    @Override
    public EventRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      EventRow row = java.util.Objects.requireNonNull(next);
      next = null;
      return row;
    }
  }
}
