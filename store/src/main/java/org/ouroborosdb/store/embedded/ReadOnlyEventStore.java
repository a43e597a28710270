package org.ouroborosdb.store.embedded;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.ReclaimReport;
import org.ouroborosdb.store.SegmentInfo;
import org.ouroborosdb.store.SegmentUse;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.Statistics;
import org.ouroborosdb.store.StorageUse;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.VerifyDepth;
import org.ouroborosdb.store.VerifyReport;
import org.ouroborosdb.store.WriterId;

/**
 * A directory's store as a reader beside its writer sees it: the state at the open, until {@link
 * #refresh}. Thread-safe.
 *
 * <p>A refresh opens the store once more; the state before is closed when its last snapshot is.
 */
final class ReadOnlyEventStore implements EventStore {
  private final StoreOptions options;
  private final ReentrantReadWriteLock switching = new ReentrantReadWriteLock();
  private final List<EmbeddedEventStore> before = new ArrayList<>(); // guarded by switching
  private EmbeddedEventStore now; // guarded by switching
  private volatile boolean closed;

  ReadOnlyEventStore(StoreOptions options) {
    this.options = options;
    this.now = EmbeddedEventStore.open(options, Surroundings.real(disk -> disk));
  }

  private <T> T read(Function<EventStore, T> call) {
    switching.readLock().lock();
    try {
      return call.apply(now);
    } finally {
      switching.readLock().unlock();
    }
  }

  @Override
  public void refresh() {
    switching.writeLock().lock();
    try {
      now.requireOpen();
      closeIdle();
      if (now.isCurrent()) {
        return;
      }
      EmbeddedEventStore next = EmbeddedEventStore.open(options, Surroundings.real(disk -> disk));
      before.add(now);
      now = next;
      closeIdle();
    } finally {
      switching.writeLock().unlock();
    }
  }

  /** Returns the state that is shown now. */
  EmbeddedEventStore current() {
    switching.readLock().lock();
    try {
      return now;
    } finally {
      switching.readLock().unlock();
    }
  }

  private void closeIdle() {
    before.removeIf(
        old -> {
          if (old.index().openSnapshots() > 0) {
            return false;
          }
          old.close();
          return true;
        });
  }

  @Override
  public WriterId id() {
    return read(EventStore::id);
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public Snapshot snapshot() {
    return read(EventStore::snapshot);
  }

  @Override
  public Transaction begin() {
    return read(EventStore::begin);
  }

  @Override
  public StoredContent put(
      InputStream bytes, Cancellation cancellation, ProgressListener progress) {
    throw refused();
  }

  @Override
  public StoredContent put(byte[] bytes) {
    throw refused();
  }

  @Override
  public Statistics statistics() {
    return read(EventStore::statistics);
  }

  @Override
  public List<StorageUse> storage(Cancellation cancellation, ProgressListener progress) {
    return read(store -> store.storage(cancellation, progress));
  }

  @Override
  public List<SegmentInfo> segments() {
    return read(EventStore::segments);
  }

  @Override
  public List<SegmentUse> segmentUse(Cancellation cancellation) {
    return read(store -> store.segmentUse(cancellation));
  }

  @Override
  public VerifyReport verify(
      VerifyDepth depth, Cancellation cancellation, ProgressListener progress) {
    return read(store -> store.verify(depth, cancellation, progress));
  }

  @Override
  public void rebuildIndex(Cancellation cancellation, ProgressListener progress) {
    throw refused();
  }

  @Override
  public long compact(Cancellation cancellation, ProgressListener progress) {
    throw refused();
  }

  @Override
  public long expire(Cancellation cancellation, ProgressListener progress) {
    throw refused();
  }

  @Override
  public ReclaimReport reclaim(
      ReclaimOptions options, Cancellation cancellation, ProgressListener progress) {
    throw refused();
  }

  @Override
  public void checkpoint() {
    throw refused();
  }

  private StoreException refused() {
    return closed
        ? new StoreException(ErrorCode.CLOSED, "the store is closed")
        : new StoreException(ErrorCode.READ_ONLY, "the store was opened for reading only");
  }

  @Override
  public void close() {
    switching.writeLock().lock();
    try {
      closed = true;
      before.forEach(EmbeddedEventStore::close);
      before.clear();
      now.close();
    } finally {
      switching.writeLock().unlock();
    }
  }
}
