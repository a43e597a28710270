package org.ouroborosdb.calcite.scan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Snapshot;

/**
 * Builds and splits paths: the titles below the root joined by {@code /}, in each of which {@code
 * \} and {@code /} follow a {@code \}. Keeps the paths of the last directories. For one thread.
 */
public final class FilePaths {
  private static final int KEPT = 1024;

  private final Snapshot snapshot;
  private final Map<Long, String> directories =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
          return size() > KEPT;
        }
      };

  FilePaths(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Returns the path of a file with a name. */
  public String of(EventRow base, @Nullable String name) {
    return directory(base.parentSeq()) + escaped(name == null ? "" : name);
  }

  /** Returns a directory's path with a slash behind it; empty for the root. */
  private String directory(long seq) {
    List<EventRow> up = new ArrayList<>();
    String path = "";
    for (EventRow at = snapshot.find(seq); at != null && at.parentSeq() != 0; ) {
      String known = directories.get(at.seq());
      if (known != null) {
        path = known;
        break;
      }
      up.add(at);
      at = snapshot.find(at.parentSeq());
    }
    for (int i = up.size() - 1; i >= 0; i--) {
      String title = up.get(i).title();
      path = path + escaped(title == null ? "" : title) + "/";
      directories.put(up.get(i).seq(), path);
    }
    return path;
  }

  /** Returns a title as it stands in a path. */
  public static String escaped(String title) {
    return title.replace("\\", "\\\\").replace("/", "\\/");
  }

  /** Returns what stands behind the last slash that is none of a title, as it stands there. */
  public static String behindSlash(String path) {
    int begin = 0;
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '\\') {
        i++;
      } else if (path.charAt(i) == '/') {
        begin = i + 1;
      }
    }
    return path.substring(begin);
  }

  /** Returns the titles of a path. */
  public static List<String> split(String path) {
    List<String> titles = new ArrayList<>();
    StringBuilder title = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '\\' && i + 1 < path.length()) {
        title.append(path.charAt(++i));
      } else if (c == '/') {
        titles.add(title.toString());
        title.setLength(0);
      } else {
        title.append(c);
      }
    }
    titles.add(title.toString());
    return titles;
  }
}
