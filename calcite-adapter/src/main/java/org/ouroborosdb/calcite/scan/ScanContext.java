package org.ouroborosdb.calcite.scan;

import java.util.Iterator;
import org.apache.calcite.DataContext;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Snapshot;

/** What a running scan works on: a snapshot, a cancel handle, and the bound on inlined content. */
public final class ScanContext {
  /** The longest content that becomes a value of an expression: 16 MiB. */
  public static final int MAX_INLINE_CONTENT = 16 << 20;

  /** The variable of the data context that holds the {@link Snapshot}. */
  public static final String SNAPSHOT = "ouroborosSnapshot";

  /** The variable of the data context that holds the {@link Cancellation}. */
  public static final String CANCELLATION = "ouroborosCancellation";

  /** The variable of the data context that holds the bound on inlined content. */
  public static final String INLINE_CONTENT = "ouroborosInlineContent";

  private static final int POLL_ROWS = 256;

  private final Snapshot snapshot;
  private final @Nullable Cancellation cancellation;
  private final FilePaths paths;
  private final boolean past;
  private final boolean late;
  private final @Nullable KeptBytes budget;
  private long kept;
  private int rows;
  private long familyOf = -1;
  private @Nullable Iterator<EventRow> siblings;
  private long nextIndex;

  private ScanContext(
      Snapshot snapshot,
      boolean past,
      boolean late,
      @Nullable KeptBytes budget,
      @Nullable Cancellation cancellation) {
    this.budget = budget;
    this.past = past;
    this.late = late;
    this.snapshot = snapshot;
    this.paths = new FilePaths(snapshot);
    this.cancellation = cancellation;
  }

  /**
   * Returns the context of a statement; without an engine, a snapshot of its own.
   *
   * @param kind what the moment is whose state is read; null for the statement's own
   * @param late whether metadata is given as what reads it
   */
  static ScanContext of(
      DataContext root,
      EventTable table,
      AsOf.@Nullable Kind kind,
      @Nullable Object moment,
      boolean late) {
    Object given = root.get(SNAPSHOT);
    Snapshot snapshot =
        given instanceof Snapshot running ? running : table.schema().snapshotOf(root);
    return new ScanContext(
        kind == null ? snapshot : AsOf.in(snapshot, kind, moment),
        kind != null,
        late,
        (KeptBytes) root.get(KeptBytes.VARIABLE),
        (Cancellation) root.get(CANCELLATION));
  }

  /** Returns the state that is read. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** Returns the cancel handle of the statement; one that nobody holds if it has none. */
  public Cancellation cancellation() {
    return cancellation == null ? Cancellation.create() : cancellation;
  }

  /** Returns whether the state is that of a moment that the statement names. */
  public boolean isPast() {
    return past;
  }

  /** Returns an event's own metadata, or what reads it; null if it has none. */
  public @Nullable Object metadata(EventRow row) {
    if (late) {
      return row.metadata() == null ? null : new LateMetadata(snapshot, row);
    }
    return snapshot.metadata(row).orElse(null);
  }

  /** Counts bytes that the scan keeps if they are within the statement's bound. */
  boolean tryKeep(long bytes) {
    if (budget == null || !budget.tryKeep(bytes)) {
      return budget == null;
    }
    kept += bytes;
    return true;
  }

  /** Counts no longer what the scan kept. */
  void release() {
    if (budget != null) {
      budget.release(kept);
    }
    kept = 0;
  }

  /** Returns the builder of paths, which keeps the last directories. */
  public FilePaths paths() {
    return paths;
  }

  /** Is called for each row read; asks the cancel handle now and then. */
  public void poll() {
    if (cancellation != null && ++rows % POLL_ROWS == 0) {
      cancellation.check();
    }
  }

  /** Finds the sequence number of an event by its id's text; 0 if the text is no event's id. */
  public long seqOf(@Nullable Object id) {
    EventRow row = find(id);
    return row == null ? 0 : row.seq();
  }

  /** Finds an event by its id's text; null if there is none. */
  public @Nullable EventRow find(@Nullable Object id) {
    return id instanceof String text && isId(text) ? snapshot.find(EventId.parse(text)) : null;
  }

  /** Returns whether a text is an id as the tables show it: 128 lower-case digits. */
  public static boolean isId(String text) {
    if (text.length() != 2 * EventId.BYTES) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the place of a normal event among its normal siblings, from 0. Siblings asked for in
   * their order cost one walk over the family in all.
   */
  public long siblingIndex(EventRow row) {
    if (row.parentSeq() != familyOf || siblings == null) {
      familyOf = row.parentSeq();
      siblings = snapshot.children(familyOf).iterator();
      nextIndex = 0;
    }
    while (siblings.hasNext()) {
      long index = nextIndex++;
      if (siblings.next().seq() == row.seq()) {
        return index;
      }
    }
    siblings = null; // asked for out of order: begin the walk anew
    long index = 0;
    for (EventRow sibling : snapshot.children(row.parentSeq())) {
      if (sibling.seq() == row.seq()) {
        return index;
      }
      index++;
    }
    return index;
  }

  /** Returns the effective title of a version: its own, or else its base's. */
  public @Nullable String effectiveTitle(EventRow row) {
    String own = row.title();
    EventRow base = own == null && row.type().isVersion() ? snapshot.find(row.baseSeq()) : null;
    return base == null ? own : base.title();
  }

  /** Returns the effective media type of a version: its own, or else its base's. */
  public @Nullable String effectiveMediaType(EventRow row) {
    String own = row.mediaType();
    EventRow base = own == null && row.type().isVersion() ? snapshot.find(row.baseSeq()) : null;
    return base == null ? own : base.mediaType();
  }

  /** Opens the content that a locator stands for; null for NULL. */
  public static @Nullable Content content(Snapshot snapshot, @Nullable Object locator) {
    if (!(locator instanceof Long seq)) {
      return null;
    }
    EventRow row = snapshot.find(seq);
    return row == null ? null : snapshot.content(row).orElse(null);
  }
}
