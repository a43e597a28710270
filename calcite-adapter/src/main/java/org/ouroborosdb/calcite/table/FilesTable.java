package org.ouroborosdb.calcite.table;

import static org.ouroborosdb.calcite.table.Columns.generated;
import static org.ouroborosdb.calcite.table.Columns.optional;
import static org.ouroborosdb.calcite.table.Columns.required;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.Concatenated;
import org.ouroborosdb.calcite.scan.DrivingRows;
import org.ouroborosdb.calcite.scan.FilePaths;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.calcite.scan.TitleStart;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;

/** {@code files}: each normal event with a title whose winning version has content. */
public final class FilesTable extends EventBasedTable<FilesTable.File> {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "files",
          "The current version of each file: a normal event with a title and content",
          List.of(
              generated("id", ColumnType.VARCHAR, "Id of the file's first event, its base"),
              generated("version", ColumnType.VARCHAR, "Id of the current version"),
              required("parent", ColumnType.VARCHAR, "Id of the base's parent"),
              generated("root", ColumnType.VARCHAR, "Id of the root of its tree"),
              required("name", ColumnType.VARCHAR, "Title of the current version"),
              generated(
                  "path",
                  ColumnType.VARCHAR,
                  "Titles below the root, joined by /; / and \\ in a title follow a \\"),
              optional("media_type", ColumnType.VARCHAR, "Media type of the content"),
              generated("length", ColumnType.BIGINT, "Bytes of content"),
              generated("level", ColumnType.BIGINT, "Level of the current version"),
              generated("created_at", ColumnType.TIMESTAMP, "Time of the current version, UTC"),
              optional("metadata", ColumnType.VARCHAR, "Metadata of the current version"),
              optional("temporary", ColumnType.BOOLEAN, "Whether it may be deleted"),
              new TableInfo.Column(
                  "content", ColumnType.BLOB, false, false, "Content, verified as it is read")),
          List.of("id"),
          List.of(
              new TableInfo.ForeignKey("id", "events", "id"),
              new TableInfo.ForeignKey("version", "events", "id"),
              new TableInfo.ForeignKey("parent", "events", "id"),
              new TableInfo.ForeignKey("root", "events", "id")));

  /** Creates the table of a schema. */
  public FilesTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  /** A file: its base and the winner among its versions. */
  record File(EventRow base, EventRow winner) {}

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of(
        "id", AccessPath.Kind.BY_ID,
        "version", AccessPath.Kind.BY_VERSION,
        "parent", AccessPath.Kind.BY_PARENT,
        "root", AccessPath.Kind.BY_ROOT,
        "name", AccessPath.Kind.BY_TITLE,
        "path", AccessPath.Kind.BY_PATH);
  }

  @Override
  protected AccessPath.@Nullable Kind ordering(String column) {
    return Columns.ordering(column);
  }

  /** A title is found on every version that ever had it; only the winner's counts. */
  @Override
  public boolean isExact(AccessPath.Kind kind) {
    return kind != AccessPath.Kind.BY_TITLE && kind != AccessPath.Kind.BY_PATH;
  }

  @Override
  Iterator<EventRow> events(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order) {
    return switch (kind) {
      case BY_VERSION ->
          basesOfWinners(context, DrivingRows.of(context, AccessPath.Kind.BY_ID, operands, order));
      case BY_TITLE, TITLE_PREFIX ->
          bases(context, DrivingRows.of(context, kind, operands, order)).iterator();
      case BY_PATH -> {
        Object[] names = Arrays.stream(operands).map(FilesTable::nameIn).toArray();
        yield events(context, AccessPath.Kind.BY_TITLE, names, order);
      }
      case BY_PARENT_AND_TITLE ->
          operands[1] == null
              ? List.<EventRow>of().iterator()
              : named(context, context.seqOf(operands[0]), (String) operands[1]).iterator();
      case BY_ROOT_AND_PATH -> atPath(context, operands[0], (String) operands[1]).iterator();
      case PATH_PREFIX -> below(context, operands);
      case LEVEL_RANGE, TIME_RANGE ->
          basesOfWinners(context, DrivingRows.of(context, kind, operands, order));
      default -> DrivingRows.of(context, kind, operands, order);
    };
  }

  /** Returns the last title of a path: its files have, or once had, that name. */
  private static @Nullable Object nameIn(@Nullable Object path) {
    if (path == null) {
      return null;
    }
    List<String> titles = FilePaths.split((String) path);
    return titles.get(titles.size() - 1);
  }

  private static List<EventRow> bases(ScanContext context, Iterator<EventRow> versions) {
    Map<Long, EventRow> bases = new LinkedHashMap<>();
    while (versions.hasNext()) {
      EventRow row = versions.next();
      EventRow base = row.type().isVersion() ? context.snapshot().find(row.baseSeq()) : row;
      if (base != null) {
        bases.putIfAbsent(base.seq(), base);
      }
    }
    return List.copyOf(bases.values());
  }

  /** Returns the bases of those versions that their files show, in the order of these. */
  private static Iterator<EventRow> basesOfWinners(
      ScanContext context, Iterator<EventRow> versions) {
    return new Concatenated<>(
        versions,
        row -> {
          context.poll();
          if (row.contentLength() < 0 || row.type() == EventType.ROOT) {
            return only(null);
          }
          EventRow winner = context.snapshot().winner(row.baseSeq());
          boolean wins = winner != null && winner.seq() == row.seq();
          return only(wins ? context.snapshot().find(row.baseSeq()) : null);
        });
  }

  /** Returns the bases under a parent that have, or whose versions had, a title. */
  private static List<EventRow> named(ScanContext context, long parentSeq, String title) {
    if (parentSeq == 0) {
      return List.of();
    }
    List<EventRow> found = new ArrayList<>();
    for (EventRow base : bases(context, context.snapshot().titled(title).iterator())) {
      if (base.parentSeq() == parentSeq) {
        found.add(base);
      }
    }
    return found;
  }

  private static List<EventRow> atPath(
      ScanContext context, @Nullable Object root, @Nullable String path) {
    List<String> titles = path == null ? List.of() : FilePaths.split(path);
    long rootSeq = context.seqOf(root);
    if (titles.isEmpty() || rootSeq == 0) {
      return List.of();
    }
    List<EventRow> found = new ArrayList<>();
    for (long parent : descend(context, List.of(rootSeq), titles.subList(0, titles.size() - 1))) {
      found.addAll(named(context, parent, titles.get(titles.size() - 1)));
    }
    return found;
  }

  /** Returns what lies below the directories that the start of a path names. */
  private static Iterator<EventRow> below(ScanContext context, @Nullable Object[] operands) {
    String start = TitleStart.of(Arrays.copyOfRange(operands, 1, operands.length));
    if (start == null) {
      return List.<EventRow>of().iterator();
    }
    List<String> titles = FilePaths.split(start);
    List<String> directories = titles.subList(0, titles.size() - 1); // the last is not whole
    Object root = operands[0];
    if (directories.isEmpty() || (root == null && directories.get(0).isEmpty())) {
      return root == null
          ? DrivingRows.of(
              context, AccessPath.Kind.FULL_SCAN, new Object[0], AccessPath.Order.AS_FOUND)
          : DrivingRows.of(
              context, AccessPath.Kind.BY_ROOT, new Object[] {root}, AccessPath.Order.AS_FOUND);
    }
    List<Long> parents =
        root == null
            ? descend(context, tops(context, directories.get(0)), tail(directories))
            : descend(context, List.of(context.seqOf(root)), directories);
    String begin = FilePaths.behindSlash(start);
    Iterator<EventRow> children =
        new Concatenated<>(
            parents.iterator(), parent -> context.snapshot().children(parent).iterator());
    return new Concatenated<>(children, child -> below(context, child, begin));
  }

  /** Returns a child, whose versions may give its file any name, and what is below a directory. */
  private static Iterator<EventRow> below(ScanContext context, EventRow child, String begin) {
    context.poll();
    String title = child.title();
    return FilePaths.escaped(title == null ? "" : title).startsWith(begin)
        ? context.snapshot().subtree(child.seq(), Integer.MAX_VALUE).iterator()
        : only(child);
  }

  private static List<String> tail(List<String> titles) {
    return titles.subList(1, titles.size());
  }

  /** Returns the directories of a title under any root. */
  private static List<Long> tops(ScanContext context, String title) {
    List<Long> found = new ArrayList<>();
    for (EventRow row : context.snapshot().titled(title)) {
      context.poll();
      if (row.type() == EventType.NORMAL && row.depth() == 1) {
        found.add(row.seq());
      }
    }
    return found;
  }

  /** Returns the directories that titles lead to, one below the other. */
  private static List<Long> descend(ScanContext context, List<Long> from, List<String> titles) {
    List<Long> parents = from;
    for (String title : titles) {
      List<Long> next = new ArrayList<>();
      for (long parent : parents) {
        for (EventRow row : directories(context, parent, title)) {
          next.add(row.seq());
        }
      }
      parents = next;
    }
    return parents;
  }

  /** Returns the normal events under a parent whose part of the path is a title. */
  private static List<EventRow> directories(ScanContext context, long parent, String title) {
    List<EventRow> found = new ArrayList<>();
    if (title.isEmpty()) { // an event without a title leaves its part empty
      for (EventRow row : context.snapshot().children(parent)) {
        if (row.title() == null || row.title().isEmpty()) {
          found.add(row);
        }
      }
      return found;
    }
    for (EventRow row : context.snapshot().titled(parent, title)) {
      if (row.type() == EventType.NORMAL) {
        found.add(row);
      }
    }
    return found;
  }

  @Override
  Iterator<File> sources(ScanContext context, EventRow base) {
    if (base.type() != EventType.NORMAL) {
      return only(null);
    }
    EventRow winner = context.snapshot().winner(base.seq());
    boolean isFile =
        winner != null
            && winner.contentLength() >= 0
            && (base.title() != null || context.effectiveTitle(winner) != null);
    return only(isFile ? new File(base, Objects.requireNonNull(winner)) : null);
  }

  @Override
  EventRow contentOf(File source) {
    return source.winner();
  }

  @Override
  @Nullable Object value(ScanContext context, File file, int column) {
    EventRow winner = file.winner();
    return switch (column) {
      case 0 -> file.base().id().toString();
      case 1 -> winner.id().toString();
      case 2 -> text(file.base().parent());
      case 3 -> file.base().root().toString();
      case 4 -> context.effectiveTitle(winner);
      case 5 -> context.paths().of(file.base(), context.effectiveTitle(winner));
      case 6 -> context.effectiveMediaType(winner);
      case 7 -> winner.contentLength();
      case 8 -> winner.level();
      case 9 -> millis(winner.level());
      case 10 -> context.metadata(winner);
      case 11 -> winner.temporary();
      default -> throw new IllegalArgumentException("column " + column);
    };
  }
}
