package org.ouroborosdb.store.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkInfo;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Rows;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.segment.ChunkLocation;

/** The committed state at one sequence number. */
public final class IndexSnapshot extends TreeSnapshot {
  private final EventIndex index;
  private final IndexMaps maps;
  private final LogReads log;
  private final IndexState state;
  private final int place;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Starts a snapshot of what is published now. */
  public IndexSnapshot(EventIndex index, LogReads log) {
    this.index = index;
    this.maps = index.maps();
    this.log = log;
    EventIndex.Registered registered = index.register(log);
    this.state = registered.state();
    this.place = registered.place();
  }

  @Override
  public long seq() {
    return state.lastSeq();
  }

  @Override
  public long eventCount() {
    requireOpen();
    return state.events();
  }

  EventIndex index() {
    return index;
  }

  IndexState state() {
    return state;
  }

  boolean isVisible(long seq) {
    return seq <= state.lastSeq() && !index.isHidden(seq, state.lastSeq());
  }

  @Override
  public @Nullable EventRow find(long seq) {
    requireOpen();
    return isVisible(seq) ? index.row(seq) : null;
  }

  @Override
  public @Nullable EventRow find(EventId id) {
    requireOpen();
    IndexRow row = index.row(id);
    return row != null && isVisible(row.seq()) ? row : null;
  }

  @Override
  public Optional<Event> event(EventId id) {
    EventRow row = find(id);
    if (!(row instanceof IndexRow indexed)) {
      return Optional.empty();
    }
    return Optional.of(verified(indexed));
  }

  @Override
  public Optional<Event> event(EventRow row) {
    RowCache cache = index.rows(); // before the look-up, as what leaves the index replaces it
    // Rows of neighbours lie together, where the ids of any two lie apart.
    if (find(row.seq()) instanceof IndexRow found && found.id().equals(row.id())) {
      if (found.verified() == null) {
        cache.put(found);
      }
      return Optional.of(verified(found));
    }
    return event(row.id());
  }

  private Event verified(IndexRow row) {
    Event known = row.verified();
    if (known != null) {
      return known;
    }
    Event event = log.event(row.position());
    if (Guard.EVENT_HASH.isOn() && !event.id().equals(row.id())) {
      throw new StoreException(
          ErrorCode.CORRUPT,
          "the index says event "
              + row.id()
              + " is at "
              + row.position()
              + ", where another is;"
              + " rebuild the index");
    }
    row.setVerified(event);
    return event;
  }

  @Override
  public Rows bySeq(long from, long to, boolean descending) {
    long first = Math.max(1, from);
    long last = Math.min(to, state.lastSeq());
    return () -> {
      requireOpen();
      if (first > last) {
        return List.<EventRow>of().iterator();
      }
      Cursor<Long, byte[]> cursor =
          descending ? cursor(maps.rows, last, first, true) : cursor(maps.rows, first, last, false);
      return new Found(
          () -> cursor.hasNext() ? cursor.next() : 0,
          seq -> new IndexRow(index, seq, cursor.getValue()),
          row -> true);
    };
  }

  @Override
  public Rows byLevel(long from, long to, boolean descending) {
    long[] first = {from, Long.MIN_VALUE};
    long[] last = {to, Long.MAX_VALUE};
    return descending
        ? scan(maps.levels, last, first, true, row -> true)
        : scan(maps.levels, first, last, false, row -> true);
  }

  /** Returns the temporary events whose expires_at is not after a time, the earliest first. */
  public Rows expired(long now) {
    return scan(maps.expiries, Keys.first(2), Keys.last(2, now));
  }

  @Override
  public Rows withParent(long parentSeq) {
    Rows scan = siblings(parentSeq);
    return parentSeq == 0 ? scan : () -> children(parentSeq, scan, false);
  }

  @Override
  public Rows children(long parentSeq) {
    Rows scan = siblings(parentSeq);
    return () -> children(parentSeq, scan, true);
  }

  private Rows siblings(long parentSeq) {
    long[] first = Keys.first(3, parentSeq);
    return () -> {
      requireOpen();
      Siblings seqs =
          new Siblings(cursor(maps.children, first, Keys.last(3, parentSeq), false), index);
      return new Found(seqs::next, new NearbyRows(index)::row, row -> true);
    };
  }

  /**
   * Returns children that the cache knows; else their first few are read and kept if they are all.
   */
  private Iterator<EventRow> children(long parentSeq, Rows scan, boolean onlyNormal) {
    requireOpen();
    RowCache cache = index.rows();
    IndexRow[] known = cache.children(parentSeq, state.lastSeq());
    if (known != null) {
      return new Children(this, known, List.<EventRow>of().iterator(), onlyNormal);
    }
    Iterator<EventRow> rest = scan.iterator();
    List<IndexRow> first = new ArrayList<>(RowCache.MAX_CHILDREN);
    while (first.size() < RowCache.MAX_CHILDREN && rest.hasNext()) {
      first.add((IndexRow) rest.next());
    }
    IndexRow[] rows = first.toArray(new IndexRow[0]);
    if (!rest.hasNext()) {
      cache.putChildren(parentSeq, state.lastSeq(), rows);
    }
    return new Children(this, rows, rest, onlyNormal);
  }

  @Override
  public Rows titled(String title) {
    long prefix = Keys.prefix(title, 0);
    long hash = Keys.hash(title);
    return scan(
        maps.titles,
        Keys.first(3, prefix, hash),
        Keys.last(3, prefix, hash),
        false,
        row -> title.equals(row.title()));
  }

  @Override
  public Rows titledFrom(String prefix) {
    return scan(
        maps.titles,
        Keys.first(3, Keys.prefix(prefix, 0)),
        Keys.last(3, Keys.prefix(prefix, 0xff)),
        false,
        row -> row.title() != null && row.title().startsWith(prefix));
  }

  @Override
  public Rows titled(long parentSeq, String title) {
    long hash = Keys.hash(title);
    return scan(
        maps.childTitles,
        Keys.first(3, parentSeq, hash),
        Keys.last(3, parentSeq, hash),
        false,
        row -> title.equals(row.title()));
  }

  @Override
  public Rows tagged(Collection<String> tags) {
    if (tags.isEmpty()) {
      throw new IllegalArgumentException("no tag to look for");
    }
    long hash = Keys.hash(tags.iterator().next());
    return scan(
        maps.tags,
        Keys.first(2, hash),
        Keys.last(2, hash),
        false,
        row -> row.tags().containsAll(tags));
  }

  @Override
  public Rows tree(long rootSeq) {
    return scan(maps.trees, Keys.first(2, rootSeq), Keys.last(2, rootSeq));
  }

  @Override
  public long subtreeCount(long seq, int maxDepth) {
    EventRow top = find(seq);
    boolean wholeTree = maxDepth == Integer.MAX_VALUE && top != null && top.parentSeq() == 0;
    try {
      return wholeTree
          ? countKeys(maps.trees, Keys.first(2, seq), Keys.last(2, seq))
          : countBelow(top, maxDepth);
    } catch (MVStoreException e) {
      throw index.failed("counting a subtree", e);
    }
  }

  private <K, V> Cursor<K, V> cursor(MVMap<K, V> map, K first, K last, boolean descending) {
    try {
      return map.cursor(first, last, descending);
    } catch (MVStoreException e) {
      throw index.failed("starting a scan", e);
    }
  }

  /** Counts by keys alone, level by level; no row is decoded. */
  private long countBelow(@Nullable EventRow top, int maxDepth) {
    if (top == null) {
      return 0;
    }
    long count = 1;
    java.util.ArrayDeque<long[]> open = new java.util.ArrayDeque<>();
    open.push(new long[] {top.seq(), 0});
    while (!open.isEmpty()) {
      long[] at = open.pop();
      if (at[1] >= maxDepth) {
        continue;
      }
      Cursor<long[], Boolean> keys =
          cursor(maps.children, Keys.first(3, at[0]), Keys.last(3, at[0]), false);
      while (keys.hasNext()) {
        long seq = keys.next()[2];
        if (isVisible(seq)) {
          count++;
          open.push(new long[] {seq, at[1] + 1});
        }
      }
    }
    return count;
  }

  private long countKeys(MVMap<long[], Boolean> map, long[] first, long[] last) {
    long count = 0;
    for (Cursor<long[], Boolean> keys = map.cursor(first, last, false); keys.hasNext(); ) {
      if (isVisible(keys.next()[1])) {
        count++;
      }
    }
    return count;
  }

  @Override
  protected Rows versionsOnly(long baseSeq) {
    return scan(maps.versions, Keys.first(2, baseSeq), Keys.last(2, baseSeq));
  }

  @Override
  public Rows heads(long seq) {
    return () -> {
      List<EventRow> known = knownHeads(seq);
      return known == null
          ? super.heads(seq).iterator()
          : known.stream().sorted(BY_LEVEL_AND_ID.reversed()).iterator();
    };
  }

  @Override
  public @Nullable EventRow winner(long seq) {
    List<EventRow> known = knownHeads(seq);
    return known == null || known.size() > 1
        ? heads(seq).first().orElse(null)
        : known.isEmpty() ? null : known.get(0);
  }

  @Override
  protected @Nullable List<? extends EventRow> headsUpTo(long baseSeq, long maxSeq, long maxLevel) {
    if (!(find(baseSeq) instanceof IndexRow base) || baseSeq > maxSeq || base.level() > maxLevel) {
      return null;
    }
    try {
      return new VersionChain(index, maps.versions)
          .heads(
              base,
              index.someMergedCameLater(baseSeq),
              maxSeq,
              seq -> {
                if (seq > maxSeq || !isVisible(seq)) {
                  return false;
                }
                IndexRow row = maxLevel == Long.MAX_VALUE ? null : index.row(seq);
                return row == null ? maxLevel == Long.MAX_VALUE : row.level() <= maxLevel;
              });
    } catch (MVStoreException e) {
      throw index.failed("looking for a version", e);
    }
  }

  /** Returns the heads in no order if the index keeps them for this state, else null. */
  private @Nullable List<EventRow> knownHeads(long seq) {
    EventRow row = find(seq);
    if (row == null) {
      return List.of();
    }
    long base = row.baseSeq();
    long[] heads = index.heads(base, state.lastSeq());
    if (heads == null) {
      List<? extends EventRow> then = headsUpTo(base, state.lastSeq(), Long.MAX_VALUE);
      return then == null ? null : List.copyOf(then);
    }
    List<EventRow> rows = new ArrayList<>(heads.length);
    for (long head : heads) {
      EventRow found = head == seq ? row : find(head);
      if (found == null) {
        return null;
      }
      rows.add(found);
    }
    return rows;
  }

  @Override
  protected Content openChunks(StoredContent content) {
    requireOpen();
    return log.content(content, this::requireOpen);
  }

  @Override
  public @Nullable ChunkInfo chunk(ChunkId id) {
    requireOpen();
    ChunkLocation location = index.find(id);
    return location == null ? null : info(id, location);
  }

  @Override
  public Iterable<ChunkInfo> chunks() {
    return () -> {
      requireOpen();
      Cursor<long[], byte[]> cursor = index.chunkCursor();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          requireOpen();
          return cursor.hasNext();
        }

        @Override
        public ChunkInfo next() {
          requireOpen();
          try {
            long[] key = cursor.next();
            byte[] value = cursor.getValue();
            return info(ChunkCodec.id(key, value), ChunkCodec.location(value));
          } catch (MVStoreException e) {
            throw index.failed("listing chunks", e);
          }
        }
      };
    };
  }

  private static ChunkInfo info(ChunkId id, ChunkLocation at) {
    return new ChunkInfo(
        id,
        at.rawLength(),
        at.storedLength(),
        Compression.codecName(at.codec()),
        at.position().place(),
        at.position().offset());
  }

  private Rows scan(MVMap<long[], Boolean> map, long[] first, long[] last) {
    return scan(map, first, last, false, row -> true);
  }

  /** Returns the visible rows whose keys, ending in their seq, lie in a range. */
  private Rows scan(
      MVMap<long[], Boolean> map,
      long[] first,
      long[] last,
      boolean descending,
      Predicate<EventRow> matches) {
    int seqPart = first.length - 1;
    return () -> {
      requireOpen();
      Cursor<long[], Boolean> cursor = cursor(map, first, last, descending);
      return new Found(
          () -> cursor.hasNext() ? cursor.next()[seqPart] : 0, new NearbyRows(index)::row, matches);
    };
  }

  /** The next sequence number of a scan; 0 at its end. */
  @FunctionalInterface
  private interface SeqSource {
    long next();
  }

  /** Gives the visible rows behind the sequence numbers of a scan. */
  private final class Found implements Iterator<EventRow> {
    private final SeqSource seqs;
    private final LongFunction<@Nullable IndexRow> rows;
    private final Predicate<EventRow> matches;
    private @Nullable EventRow next;

    Found(SeqSource seqs, LongFunction<@Nullable IndexRow> rows, Predicate<EventRow> matches) {
      this.seqs = seqs;
      this.rows = rows;
      this.matches = matches;
    }

    @Override
    public boolean hasNext() {
      requireOpen();
      while (next == null) {
        long seq = nextSeq();
        if (seq == 0) {
          return false;
        }
        EventRow row = isVisible(seq) ? rows.apply(seq) : null;
        if (row != null && matches.test(row)) {
          next = row;
        }
      }
      return true;
    }

    private long nextSeq() {
      try {
        return seqs.next();
      } catch (MVStoreException e) {
        throw index.failed("scanning the index", e);
      }
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

  @Override
  public void requireOpen() {
    if (closed.get()) {
      throw new StoreException(ErrorCode.CLOSED, "the snapshot is closed");
    }
    if (index.isClosed()) {
      throw new StoreException(
          ErrorCode.CLOSED, "the store, or the index this snapshot reads, is closed");
    }
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      index.release(state.lastSeq(), place);
    }
  }
}
