package org.ouroborosdb.store.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.Rows;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.patch.PatchedContent;

/** What every snapshot answers alike, from the scans that each brings. */
public abstract class TreeSnapshot implements Snapshot {
  static final Comparator<EventRow> BY_LEVEL_AND_ID =
      Comparator.comparingLong(EventRow::level).thenComparing(EventRow::id);

  /** Returns the versions of a base, in order of seq, without the base. */
  protected abstract Rows versionsOnly(long baseSeq);

  /**
   * Returns normally while the snapshot is open.
   *
   * @throws org.ouroborosdb.store.StoreException {@code CLOSED} if it is closed
   */
  protected abstract void requireOpen();

  /**
   * Returns the heads among a base and its versions up to a sequence number and a level, in no
   * order, without reading all of them; null if they must be read, or the base is above.
   */
  protected @Nullable List<? extends EventRow> headsUpTo(long baseSeq, long maxSeq, long maxLevel) {
    return null;
  }

  @Override
  public Snapshot asOfSeq(long seq) {
    return new PastSnapshot(this, seq, Long.MAX_VALUE);
  }

  @Override
  public Snapshot asOfLevel(long level) {
    return new PastSnapshot(this, Long.MAX_VALUE, level);
  }

  @Override
  public Rows roots() {
    return withParent(0);
  }

  @Override
  public Rows roots(String title) {
    return () -> titled(0, title).stream().sorted(BY_LEVEL_AND_ID).iterator();
  }

  @Override
  public Rows subtree(long seq, int maxDepth) {
    return () -> new Subtree(seq, maxDepth);
  }

  @Override
  public Rows ancestors(long seq) {
    return () ->
        new Iterator<>() {
          private @Nullable EventRow next = parentOf(find(seq));

          @Override
          public boolean hasNext() {
            return next != null;
          }

          @Override
          public EventRow next() {
            EventRow row = next;
            if (row == null) {
              throw new NoSuchElementException();
            }
            next = parentOf(row);
            return row;
          }
        };
  }

  private @Nullable EventRow parentOf(@Nullable EventRow row) {
    return row == null || row.parentSeq() == 0 ? null : find(row.parentSeq());
  }

  @Override
  public Rows versions(long seq) {
    return () -> {
      EventRow row = find(seq);
      if (row == null) {
        return List.<EventRow>of().iterator();
      }
      EventRow base = row.baseSeq() == seq ? row : find(row.baseSeq());
      List<EventRow> all = new ArrayList<>();
      if (base != null) {
        all.add(base);
        versionsOnly(base.seq()).forEach(all::add);
      }
      return all.iterator();
    };
  }

  @Override
  public Rows heads(long baseSeq) {
    return () -> {
      List<EventRow> all = versions(baseSeq).stream().toList();
      if (all.size() <= 1) {
        return all.iterator();
      }
      Set<Long> replaced = new HashSet<>();
      Set<EventId> merged = new HashSet<>();
      for (EventRow row : all) {
        if (row.type().isVersion()) {
          replaced.add(row.parentSeq());
          merged.addAll(row.merges());
        }
      }
      return all.stream()
          .filter(row -> !replaced.contains(row.seq()))
          .filter(row -> merged.isEmpty() || !merged.contains(row.id()))
          .sorted(BY_LEVEL_AND_ID.reversed())
          .iterator();
    };
  }

  @Override
  public Optional<Content> content(EventRow row) {
    requireOpen();
    return Optional.ofNullable(row.content())
        .map(
            content ->
                row.type() == EventType.PATCH
                    ? PatchedContent.open(row, this::find, this::openChunks)
                    : openChunks(content));
  }

  @Override
  public Content open(StoredContent content) {
    EventId patch = content.patch();
    if (patch == null) {
      return openChunks(content);
    }
    EventRow row = find(patch);
    if (row == null || row.type() != EventType.PATCH) {
      throw new StoreException(
          ErrorCode.EVENT_NOT_FOUND, "the event does not exist, or is no PATCH: " + patch);
    }
    return PatchedContent.open(row, this::find, this::openChunks);
  }

  /** Opens bytes by their chunks alone. */
  protected abstract Content openChunks(StoredContent content);

  @Override
  public Optional<String> metadata(EventRow row) {
    requireOpen();
    return Optional.ofNullable(row.metadata()).map(this::text);
  }

  private String text(StoredContent metadata) {
    byte[] bytes = open(metadata).readAll(Limits.MAX_METADATA_BYTES);
    return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public Optional<String> effectiveMetadata(EventRow row) {
    for (EventRow at = row; at != null; at = parentOf(at)) {
      StoredContent metadata = at.metadata();
      if (metadata != null) {
        return Optional.of(text(metadata));
      }
      if (at.type() == EventType.ROOT) {
        break;
      }
    }
    return Optional.empty();
  }

  /** Walks depth first; holds one open scan for each edge on the way down. */
  private final class Subtree implements Iterator<EventRow> {
    private final Deque<Iterator<EventRow>> open = new ArrayDeque<>();
    private final int maxDepth;
    private @Nullable EventRow next;

    Subtree(long seq, int maxDepth) {
      this.maxDepth = maxDepth;
      next = find(seq);
      descend();
    }

    private void descend() {
      if (next != null && open.size() < maxDepth) {
        open.push(withParent(next.seq()).iterator());
      }
    }

    @Override
    public boolean hasNext() {
      while (next == null && !open.isEmpty()) {
        if (open.peek().hasNext()) {
          next = open.peek().next();
          descend();
        } else {
          open.pop();
        }
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
