package org.ouroborosdb.jdbc.shell;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Profile;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Opens the database that a command names, and finds the events in it that a user names. */
final class Database {
  private static final String NAMES = "indexPath|lockTimeout|minFreeBytes|profile|readonly";

  private static final Pattern SETTING =
      Pattern.compile("(?is);(" + NAMES + ")=(.*?)(?=;(?:" + NAMES + ")=|$)");

  private static final Pattern UNKNOWN = Pattern.compile("(?i);(?!(?:" + NAMES + ")=)([a-z]+)=");

  private Database() {}

  /** A database is named in a way that no command takes. */
  static final class Misuse extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Misuse(String message) {
      super(message);
    }
  }

  /**
   * Returns what a command names as its database: a directory, and behind it settings as in a URL,
   * {@code ;indexPath=}, {@code ;lockTimeout=}, {@code ;minFreeBytes=}, {@code ;profile=}, {@code
   * ;readonly=}. A directory of that very name goes first.
   *
   * @throws Misuse if there is no such setting, or it has no such value, or the text is a URL: none
   *     of them is meant as the name of a new directory
   */
  static StoreOptions at(Path database) {
    String text = database.toString();
    Matcher setting = SETTING.matcher(text);
    if (Files.exists(database)) {
      return StoreOptions.at(database);
    }
    refuseMistaken(text);
    if (!setting.find()) {
      return StoreOptions.at(database);
    }
    StoreOptions options = StoreOptions.at(Path.of(text.substring(0, setting.start())));
    do {
      options = with(options, setting.group(1).toLowerCase(Locale.ROOT), setting.group(2));
    } while (setting.find());
    return options;
  }

  /**
   * Refuses settings, or a URL, where a directory alone is meant.
   *
   * @throws Misuse if there are any
   */
  static void requirePlain(Path directory) {
    if (!StoreOptions.at(directory).equals(at(directory))) {
      throw new Misuse("a directory alone is wanted, without settings; got " + directory);
    }
  }

  private static void refuseMistaken(String text) {
    if (text.startsWith("jdbc:")) {
      throw new Misuse("commands take the database's directory, and not its URL; got " + text);
    }
    Matcher unknown = UNKNOWN.matcher(text);
    if (unknown.find()) {
      throw new Misuse(
          "'"
              + unknown.group(1)
              + "' is no setting of a command; there are "
              + NAMES.replace("|", ", "));
    }
  }

  private static StoreOptions with(StoreOptions options, String name, String value) {
    try {
      return switch (name) {
        case "profile" -> options.withProfile(Profile.valueOf(value.toUpperCase(Locale.ROOT)));
        case "locktimeout" -> options.withLockTimeoutMillis(Long.parseLong(value));
        case "minfreebytes" -> options.withMinFreeBytes(Long.parseLong(value));
        case "readonly" -> options.withReadOnly(truth(value));
        default -> options.withIndexPath(indexPath(value));
      };
    } catch (IllegalArgumentException e) {
      String wanted =
          switch (name) {
            case "profile" -> "server or small";
            case "readonly" -> "true or false";
            case "indexpath" -> "a directory";
            default -> "a whole number from 0";
          };
      throw new Misuse(spelled(name) + " takes " + wanted + ", and not '" + value + "'");
    }
  }

  /** Returns the name of a setting as it is documented. */
  private static String spelled(String name) {
    return Stream.of(NAMES.split("\\|", -1))
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .orElse(name);
  }

  /** An empty one is a variable that was not set, and not where the user is. */
  private static Path indexPath(String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(value);
    }
    return Path.of(value);
  }

  private static boolean truth(String value) {
    if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
      throw new IllegalArgumentException(value);
    }
    return Boolean.parseBoolean(value);
  }

  /** Returns its directory, where its segments are. */
  static Path directory(Path database) {
    return Objects.requireNonNull(at(database).path());
  }

  /** Returns the directories that an import must leave out: it, and that of its index. */
  static List<Path> directories(Path database) {
    return Stream.of(at(database).path(), at(database).indexPath())
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  /** Returns its URL, with what has a meaning in URLs escaped. */
  static String url(Path database) {
    StoreOptions at = at(database);
    String path = escaped(at.path());
    return "jdbc:ouroboros:"
        + (path.startsWith("mem:") ? "./" : "")
        + path
        + (at.indexPath() == null ? "" : ";indexPath=" + escaped(at.indexPath()))
        + ";profile="
        + at.profile()
        + ";readonly="
        + at.readOnly()
        + ";minFreeBytes="
        + at.minFreeBytes()
        + ";lockTimeout="
        + at.lockTimeoutMillis();
  }

  private static String escaped(@Nullable Path path) {
    return String.valueOf(path)
        .replace("%", "%25")
        .replace(";", "%3B")
        .replace("?", "%3F")
        .replace("&", "%26")
        .replace(" ", "%20");
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
    return openExisting(directory, at(directory));
  }

  private static EventStore openExisting(Path directory, StoreOptions options) {
    try {
      return EmbeddedEventStore.open(options.withCreate(false));
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
    return openExisting(directory, at(directory).withReadOnly(true));
  }

  /**
   * Opens a database that must exist, for reading only if another process writes to it or this user
   * may not, or if the directory of its index would have to be made.
   */
  static EventStore openToRead(Path directory) {
    Path index = at(directory).indexPath();
    if (index != null && !Files.isDirectory(index)) {
      return openReadOnly(directory);
    }
    try {
      return open(directory);
    } catch (StoreException e) {
      if (e.code() == ErrorCode.LOCKED || e.getCause() instanceof FileSystemException) {
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
