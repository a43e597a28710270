package org.ouroborosdb.jdbc.report;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.Statistics;
import org.ouroborosdb.store.StorageUse;

/** Writes a page of plots of what a store holds. Stateless. */
public final class StoreReport {
  private static final int MOST_TREES = 20;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private StoreReport() {}

  /**
   * Reads a snapshot of a store, in some 30 MB whatever it holds, and writes the page; the file is
   * there when it is whole.
   *
   * @param name what the page calls the store
   * @param page the file, which is replaced
   * @param cancellation stops the call, which leaves the file as it was
   * @param progress is told events passed, of all; each is passed twice
   */
  public static void write(
      EventStore store,
      String name,
      Path page,
      Cancellation cancellation,
      ProgressListener progress)
      throws IOException {
    ReportPage.Findings found = survey(store, name, cancellation, progress);
    Path part = page.resolveSibling(page.getFileName() + ".part");
    try {
      try (Writer out = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
        new ReportPage(out).write(found);
      }
      Files.move(part, page, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static ReportPage.Findings survey(
      EventStore store, String name, Cancellation cancellation, ProgressListener progress) {
    List<StorageUse> storage = store.storage(cancellation, ProgressListener.NONE);
    try (Snapshot snapshot = store.snapshot()) {
      Statistics statistics = store.statistics();
      long total = 2 * snapshot.eventCount();
      SeenChunks chunks = new SeenChunks(statistics.chunks());
      progress.progress(0, total);
      EventSurvey events = new EventSurvey(snapshot, chunks);
      events.run(cancellation, progress, total);
      RootSurvey roots = new RootSurvey(snapshot, new SeenChunks(statistics.chunks()), MOST_TREES);
      roots.run(cancellation, progress, total / 2, total);
      progress.progress(total, total);
      return new ReportPage.Findings(
          name,
          System.currentTimeMillis() * NANOS_PER_MILLI,
          statistics,
          events,
          roots.trees(),
          storage,
          store.segments(),
          chunks.weight());
    }
  }
}
