package org.ouroborosdb.store.embedded;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.identity.EventCodec;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.identity.Utf8;
import org.ouroborosdb.store.index.IndexSnapshot;

/** A transaction of an {@link EmbeddedEventStore}: checks and buffers, then commits one batch. */
final class EmbeddedTransaction implements Transaction {

  /** Stands in a root's place, whose own id is not known before it is sealed. */
  private static final EventId UNKNOWN_ROOT = EventId.of(new byte[EventId.BYTES]);

  private final EmbeddedEventStore store;
  private final Changes changes = new Changes();
  private final TransactionView view;
  private boolean ended;

  EmbeddedTransaction(EmbeddedEventStore store, IndexSnapshot base) {
    this.store = store;
    this.view = new TransactionView(base, changes);
  }

  @Override
  public Snapshot view() {
    requireOpen();
    return view;
  }

  @Override
  public EventId append(NewEvent draft) {
    return append(draft, Condition.NONE);
  }

  @Override
  public EventId replace(NewEvent version) {
    if (!version.type().isVersion()) {
      throw new IllegalArgumentException("only a version replaces, not a " + version.type());
    }
    return append(version, Condition.HEADS);
  }

  @Override
  public EventId appendUnique(NewEvent event) {
    if (event.type() != EventType.NORMAL || event.title() == null) {
      throw new IllegalArgumentException("only a NORMAL event with a title can be unique by it");
    }
    return append(event, Condition.UNIQUE_TITLE);
  }

  private EventId append(NewEvent draft, Condition condition) {
    requireOpen();
    store.requireWritable();
    EventRules.checkAlone(draft);
    try (IndexSnapshot newest = store.newest()) {
      Place place;
      EventRow parent = null;
      if (draft.parent() == null) {
        requireFreeTitle(newest, String.valueOf(draft.title()));
        place = new Place(0, 0, UNKNOWN_ROOT, 0, 0);
      } else {
        parent = existing(newest, draft.parent());
        place = EventRules.placeUnder(draft, parent);
        checkMerges(newest, draft, place);
      }
      requireChunks(draft.content());
      NewContents.Decided decided =
          new NewContents(store, new TransactionView(newest, changes)).decide(draft, parent);
      SealedEvent sealed = seal(draft, decided, parent);
      hold(sealed.event());
      byte[] record = EventCodec.encode(sealed);
      requireRoom(record.length);
      PendingEvent pending =
          new PendingEvent(sealed.event(), record, changes.nextSeq(), place, decided.length());
      condition.check(newest, changes, pending);
      changes.add(pending, condition);
      return sealed.id();
    }
  }

  private EventRow existing(IndexSnapshot newest, EventId id) {
    EventRow row = find(newest, id);
    if (row == null) {
      throw new StoreException(ErrorCode.EVENT_NOT_FOUND, "the parent does not exist: " + id);
    }
    return row;
  }

  private @Nullable EventRow find(IndexSnapshot newest, EventId id) {
    EventRow own = changes.find(id);
    EventRow row = own == null ? newest.find(id) : own;
    return row == null || changes.isRemoved(row.seq()) ? null : row;
  }

  private void requireFreeTitle(IndexSnapshot newest, String title) {
    if (changes.hasRoot(title)
        || newest.titled(0, title).stream().anyMatch(row -> !changes.isRemoved(row.seq()))) {
      throw titleTaken(title);
    }
  }

  static StoreException titleTaken(String title) {
    int shown = Math.min(title.length(), 80);
    return new StoreException(
        ErrorCode.ROOT_TITLE_TAKEN,
        "a root with the title '" + title.substring(0, shown) + "' exists already");
  }

  private void checkMerges(IndexSnapshot newest, NewEvent draft, Place place) {
    for (EventId id : draft.merges()) {
      EventRules.checkMerge(id, find(newest, id), place.baseSeq());
    }
  }

  private void requireChunks(@Nullable StoredContent content) {
    if (content != null) {
      store.hold(content);
      for (ChunkRef chunk : content.chunks()) {
        store.requireChunk(chunk);
      }
    }
  }

  /** Keeps the chunks of what was put on the way, and of what is kept of the replaced version. */
  private void hold(Event event) {
    for (StoredContent content : new StoredContent[] {event.content(), event.metadata()}) {
      if (content != null) {
        store.hold(content);
      }
    }
  }

  private SealedEvent seal(NewEvent draft, NewContents.Decided decided, @Nullable EventRow parent) {
    StoredContent metadata = NewContents.keptMetadata(draft, parent);
    String text = draft.metadata();
    if (text != null) {
      // UTF-8 is validated and bounded before anything is stored.
      byte[] bytes = Utf8.encode("metadata", text, Limits.MAX_METADATA_BYTES);
      metadata = store.put(bytes);
    }
    byte[] salt = store.randomBytes(SealedEvent.SALT_BYTES);
    long level = store.nextLevel(parent == null ? 0 : parent.level());
    NewEvent event = NewContents.completed(draft, decided, parent);
    return SealedEvent.seal(event, store.writerId(), level, metadata, salt);
  }

  private void requireRoom(long bytes) {
    if (changes.bytes() + bytes > store.options().transactionBytes()) {
      throw new StoreException(
          ErrorCode.LIMIT_EXCEEDED,
          "the transaction's events take more than "
              + store.options().transactionBytes()
              + " bytes; commit more often, or raise transactionMemory");
    }
  }

  @Override
  public long deleteTemporary(Collection<EventId> ids) {
    requireOpen();
    store.requireWritable();
    int mark = changes.size();
    try {
      long count = 0;
      Set<Long> since = new HashSet<>();
      for (EventId id : new LinkedHashSet<>(ids)) {
        count += delete(id, since);
        requireRoom(0);
      }
      return count;
    } catch (StoreException e) {
      changes.cutTo(mark);
      throw e;
    }
  }

  /** Deletes an event, unless it is among those that went since the call began. */
  private long delete(EventId id, Set<Long> since) {
    EventRow row = view.find(id);
    if (row == null) {
      if (isRemoved(id, since)) {
        return 0; // it went with an ancestor named before
      }
      throw new StoreException(ErrorCode.EVENT_NOT_FOUND, "the event does not exist: " + id);
    }
    if (!row.temporary()) {
      throw new StoreException(
          ErrorCode.IMMUTABLE,
          "only temporary events can be deleted, and this one is permanent: " + id);
    }
    List<Long> seqs = new ArrayList<>();
    view.subtree(row.seq(), Integer.MAX_VALUE).forEach(below -> seqs.add(below.seq()));
    changes.addRemoval(id, seqs);
    since.addAll(seqs);
    return seqs.size();
  }

  private boolean isRemoved(EventId id, Set<Long> since) {
    EventRow committed = view.base().find(id);
    EventRow row = committed == null ? changes.find(id) : committed;
    return row != null && since.contains(row.seq());
  }

  @Override
  public int mark() {
    requireOpen();
    return changes.size();
  }

  @Override
  public void rollbackTo(int mark) {
    requireOpen();
    if (mark < 0 || mark > changes.size()) {
      throw new IllegalArgumentException("mark " + mark + " is not one of this transaction");
    }
    changes.cutTo(mark);
  }

  @Override
  public long commit() {
    requireOpen();
    long base = view.seq();
    try {
      return changes.isEmpty() ? base : store.commit(new EventBatch(store, changes));
    } finally {
      close();
    }
  }

  @Override
  public void rollback() {
    requireOpen();
    close();
  }

  private void requireOpen() {
    if (ended) {
      throw new StoreException(ErrorCode.CLOSED, "the transaction has ended");
    }
    store.requireOpen();
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      view.end();
    }
  }
}
