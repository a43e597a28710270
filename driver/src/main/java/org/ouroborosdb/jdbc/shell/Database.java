package org.ouroborosdb.jdbc.shell;

import java.nio.file.Path;
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
  private Database() {}

  /** Opens a database that may be created. */
  static EventStore openOrCreate(Path directory) {
    return EmbeddedEventStore.open(StoreOptions.at(directory));
  }

  /**
   * Opens a database that must exist.
   *
   * @throws IllegalArgumentException if it does not
   */
  static EventStore open(Path directory) {
    try {
      return EmbeddedEventStore.open(StoreOptions.at(directory).withCreate(false));
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
    return EmbeddedEventStore.open(StoreOptions.at(directory).withCreate(false).withReadOnly(true));
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
