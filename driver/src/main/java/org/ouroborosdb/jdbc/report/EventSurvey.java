package org.ouroborosdb.jdbc.report;

import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkInfo;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoredContent;

/** Looks at every event once, in order of sequence numbers. For one thread. */
final class EventSurvey {
  private static final int POLL_EVENTS = 256;

  final Growth growth;
  final SizeClasses contents = new SizeClasses();
  final SizeClasses versions = new SizeClasses();
  final MediaTypes mediaTypes = new MediaTypes();
  long logicalBytes;
  long conflicts;

  private final Snapshot snapshot;
  private final SeenChunks seen;

  EventSurvey(Snapshot snapshot, SeenChunks seen) {
    this.snapshot = snapshot;
    this.seen = seen;
    this.growth = new Growth(edge(snapshot, false), edge(snapshot, true));
  }

  private static long edge(Snapshot snapshot, boolean last) {
    return snapshot
        .byLevel(Long.MIN_VALUE, Long.MAX_VALUE, last)
        .first()
        .map(EventRow::level)
        .orElse(0L);
  }

  void run(Cancellation cancellation, ProgressListener progress, long total) {
    long done = 0;
    for (EventRow row : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
      take(row);
      if (++done % POLL_EVENTS == 0) {
        cancellation.check();
        progress.progress(done, total);
      }
    }
    cancellation.check();
  }

  private void take(EventRow row) {
    long logical = 0;
    long stored = 0;
    for (StoredContent part : RootSurvey.parts(row)) {
      logical += part.length();
      stored += newlyStored(part);
    }
    logicalBytes += logical;
    growth.add(row.level(), logical, stored);
    StoredContent content = row.content();
    if (content != null) {
      contents.add(content.length());
      mediaTypes.add(mediaType(row), content.length());
    }
    if (row.type() == EventType.NORMAL) {
      countVersions(row);
    }
  }

  private long newlyStored(StoredContent part) {
    long bytes = 0;
    for (ChunkRef chunk : part.chunks()) {
      if (seen.isFirst(chunk.id())) {
        ChunkInfo info = snapshot.chunk(chunk.id());
        bytes += info == null ? 0 : (long) info.storedLength() * seen.weight();
      }
    }
    return bytes;
  }

  private @Nullable String mediaType(EventRow row) {
    String own = row.mediaType();
    EventRow base = own == null && row.type().isVersion() ? snapshot.find(row.baseSeq()) : null;
    return base == null ? own : base.mediaType();
  }

  /** Counts the versions of a file: a normal event that has a title and content, or once had. */
  private void countVersions(EventRow base) {
    boolean titled = false;
    boolean filled = false;
    int count = 0;
    for (EventRow version : snapshot.versions(base.seq())) {
      titled |= version.title() != null;
      filled |= version.contentLength() >= 0;
      count++;
    }
    if (titled && filled) {
      versions.add(count);
      conflicts += count > 2 && snapshot.heads(base.seq()).stream().limit(2).count() > 1 ? 1 : 0;
    }
  }
}
