package org.ouroborosdb.jdbc.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Opens the database that a command names, and finds the events in it that a user names. */
final class Database {
  private static final String INDEX_PATH = ";indexpath=";

  private Database() {}

  /**
   * Returns where a database is that a command names: a directory, and behind {@code ;indexPath=}
   * that of its index, as in a URL. A directory of that very name goes first.
   */
  static StoreOptions at(Path database) {
    String text = database.toString();
    int end = Files.exists(database) ? -1 : text.toLowerCase(Locale.ROOT).indexOf(INDEX_PATH);
    return end < 0
        ? StoreOptions.at(database)
        : StoreOptions.at(Path.of(text.substring(0, end)))
            .withIndexPath(Path.of(text.substring(end + INDEX_PATH.length())));
  }

  /** Returns its directory, where its segments are. */
  static Path directory(Path database) {
    return Objects.requireNonNull(at(database).path());
  }

  /** Returns its URL, with what has a meaning in URLs escaped. */
  static String url(Path database) {
    StoreOptions at = at(database);
    String path = escaped(at.path());
    return "jdbc:ouroboros:"
        + (path.startsWith("mem:") ? "./" : "")
        + path
        + (at.indexPath() == null ? "" : ";indexPath=" + escaped(at.indexPath()));
  }

  private static String escaped(@Nullable Path path) {
    return String.valueOf(path).replace("%", "%25").replace(";", "%3B");
  }

  /** Opens a database that may be created. */
  static EventStore openOrCreate(Path directory) {
    return EmbeddedEventStore.open(at(directory));
  }

  /**
   * Opens a database that must exist.
   *
   * @throws IllegalArgumentException if it does not
   */
  static EventStore open(Path directory) {
    try {
      return EmbeddedEventStore.open(at(directory).withCreate(false));
    } catch (StoreException e) {
      if (e.code() == ErrorCode.STORE_NOT_FOUND) {
        throw new IllegalArgumentException(
            "there is no database at " + directory + "; import and shell make one", e);
      }
      throw e;
    }
  }

  /**
   * Opens a database that must exist, for reading only: nothing is written, and it may have a
   * writer.
   */
  static EventStore openReadOnly(Path directory) {
    return EmbeddedEventStore.open(at(directory).withCreate(false).withReadOnly(true));
  }

  /** Opens a database that must exist, for reading only if another process writes to it. */
  static EventStore openToRead(Path directory) {
    try {
      return open(directory);
    } catch (StoreException e) {
      if (e.code() == ErrorCode.LOCKED) {
        return openReadOnly(directory);
      }
      throw e;
    }
  }

  /**
   * Finds an event by its id, or a root by its title where just one root has it.
   *
   * @throws IllegalArgumentException if there is none, or more than one
   */
  static EventRow find(Snapshot snapshot, String idOrTitle) {
    if (idOrTitle.matches("[0-9a-fA-F]{128}")) {
      EventRow event = snapshot.find(EventId.parse(idOrTitle));
      if (event != null) {
        return event;
      }
    }
    var roots = snapshot.roots(idOrTitle).iterator();
    if (!roots.hasNext()) {
      throw new IllegalArgumentException(
          "no event has the id, and no root the title, '"
              + idOrTitle
              + "'; the shell lists the"
              + " roots with: SELECT id, title FROM roots");
    }
    EventRow root = roots.next();
    if (roots.hasNext()) {
      throw new IllegalArgumentException(
          "several roots have the title '" + idOrTitle + "'; give the id of one");
    }
    return root;
  }
}
