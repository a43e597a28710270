package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;

/** What the names of the files of a log say. Stateless. */
public final class LogFiles {
  private LogFiles() {}

  /** Returns where the files of a log end, whole batch or not; null if there are none. */
  public static @Nullable Position endOfFiles(Disk disk) throws IOException {
    var chosen = SegmentFiles.choose(SegmentFiles.numbers(disk), null).lastEntry();
    if (chosen == null) {
      return null;
    }
    int last = chosen.getValue();
    try (DiskFile file = disk.open(Segment.name(last), false)) {
      return new Position(last, file.size());
    }
  }

  /** Returns whether a disk has the segment that an index stands for in each place. */
  public static boolean holds(Disk disk, Map<Integer, Integer> generations) throws IOException {
    List<Integer> numbers = SegmentFiles.numbers(disk);
    return SegmentFiles.choose(numbers, generations)
        .keySet()
        .equals(SegmentFiles.choose(numbers, null).keySet());
  }

  /** Returns how often the segment in each place was rewritten, where it was. */
  public static Map<Integer, Integer> generations(SegmentLog log) {
    return log.files().generations();
  }
}
