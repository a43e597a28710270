package org.ouroborosdb.jdbc.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoredContent;

/**
 * Looks at every tree, oldest root first, and keeps the greatest: what they refer to, and what of
 * that no tree before them has. For one thread.
 */
final class RootSurvey {
  private static final int POLL_EVENTS = 256;
  private static final int MOST_TITLE_CHARS = 200;

  /** A tree, or several as one. */
  record Tree(String title, long events, long logicalBytes, long uniqueBytes) {}

  private static final Comparator<Tree> BY_SIZE =
      Comparator.comparingLong(Tree::logicalBytes).thenComparingLong(Tree::events);

  private final Snapshot snapshot;
  private final SeenChunks seen;
  private final int most;
  private final PriorityQueue<Tree> greatest = new PriorityQueue<>(BY_SIZE);
  private long trees;
  private long otherEvents;
  private long otherLogicalBytes;
  private long otherUniqueBytes;
  private long done;

  RootSurvey(Snapshot snapshot, SeenChunks seen, int most) {
    this.snapshot = snapshot;
    this.seen = seen;
    this.most = most;
  }

  void run(Cancellation cancellation, ProgressListener progress, long before, long total) {
    for (EventRow root : snapshot.roots()) {
      long events = 0;
      long logical = 0;
      long unique = 0;
      for (EventRow row : snapshot.tree(root.seq())) {
        events++;
        for (StoredContent part : parts(row)) {
          logical += part.length();
          unique += newBytes(part);
        }
        if (++done % POLL_EVENTS == 0) {
          cancellation.check();
          progress.progress(before + done, total);
        }
      }
      keep(new Tree(title(root), events, logical, unique));
    }
    cancellation.check();
  }

  /** Returns the content and the metadata of an event, what it has of them. */
  static List<StoredContent> parts(EventRow row) {
    List<StoredContent> parts = new ArrayList<>(2);
    StoredContent content = row.content();
    if (content != null) {
      parts.add(content);
    }
    StoredContent metadata = row.metadata();
    if (metadata != null) {
      parts.add(metadata);
    }
    return parts;
  }

  private long newBytes(StoredContent part) {
    long bytes = 0;
    for (ChunkRef chunk : part.chunks()) {
      if (seen.isFirst(chunk.id())) {
        bytes += (long) chunk.length() * seen.weight();
      }
    }
    return bytes;
  }

  private static String title(EventRow root) {
    String title = String.valueOf(root.title());
    return title.substring(0, Math.min(title.length(), MOST_TITLE_CHARS));
  }

  private void keep(Tree tree) {
    trees++;
    greatest.add(tree);
    if (greatest.size() > most) {
      Tree least = greatest.remove();
      otherEvents += least.events();
      otherLogicalBytes += least.logicalBytes();
      otherUniqueBytes += least.uniqueBytes();
    }
  }

  /** Returns the greatest trees, the greatest first, and all others as one. */
  List<Tree> trees() {
    List<Tree> all = new ArrayList<>(greatest);
    all.sort(BY_SIZE.reversed());
    if (trees > all.size()) {
      String name = (trees - all.size()) + " more";
      all.add(new Tree(name, otherEvents, otherLogicalBytes, otherUniqueBytes));
    }
    return all;
  }
}
