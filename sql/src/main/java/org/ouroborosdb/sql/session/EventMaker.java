package org.ouroborosdb.sql.session;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.dialect.ParameterValues;
import org.ouroborosdb.sql.plan.InsertTarget;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoredContent;

/** Makes a new event of one inserted row's values. For one row. */
final class EventMaker {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final InsertTarget target;
  private final EventStore store;
  private EventType type;
  private @Nullable EventId parent;
  private @Nullable String title;
  private @Nullable String mediaType;
  private @Nullable String metadata;
  private @Nullable Object content;
  private List<String> tags = List.of();
  private boolean temporary;
  private @Nullable Long expiresAt;
  private boolean fullTextSearch;

  EventMaker(InsertTarget target, EventStore store) {
    this.target = target;
    this.store = store;
    this.type = target == InsertTarget.ROOTS ? EventType.ROOT : EventType.NORMAL;
  }

  /** Sets a field; null and DEFAULT leave it absent. */
  void set(InsertTarget.Field field, @Nullable Object value) {
    if (value == null) {
      return;
    }
    switch (field) {
      case PARENT -> parent = parent(value);
      case TYPE -> type = type(text(value, "type"));
      case TITLE -> title = text(value, "title");
      case MEDIA_TYPE -> mediaType = text(value, "media_type");
      case METADATA -> metadata = text(value, "metadata");
      case CONTENT -> content = value;
      case TAGS -> tags = tags(value);
      case TEMPORARY -> temporary = bool(value, "temporary");
      case EXPIRES_AT -> expiresAt = nanos(value);
      case FULL_TEXT_SEARCH -> fullTextSearch = bool(value, "full_text_search");
      case GENERATED -> throw generated();
    }
  }

  /** Checks what the table requires and returns the event. */
  NewEvent make() {
    boolean root = type == EventType.ROOT;
    if (root && parent != null) {
      throw new SqlException(SqlState.RULE, "a ROOT has no parent", null);
    }
    if (!root && parent == null && target != InsertTarget.KV) {
      throw missing("parent");
    }
    if (target == InsertTarget.CHILDREN && type != EventType.NORMAL) {
      throw new SqlException(
          SqlState.GENERATED_COLUMN, "children are NORMAL; INSERT other types INTO events", null);
    }
    if (title == null && (root || target.requires(InsertTarget.Field.TITLE))) {
      throw missing(
          switch (target) {
            case FILES -> "name";
            case KV -> "key";
            case ROOTS, EVENTS, CHILDREN -> "title";
          });
    }
    if (content == null && target.requires(InsertTarget.Field.CONTENT)) {
      throw missing("content");
    }
    StoredContent stored = content == null ? null : stored(content); // stored only if all is right
    return new NewEvent(
        type,
        parent,
        List.of(),
        title,
        mediaType,
        tags,
        metadata,
        stored,
        temporary,
        expiresAt,
        fullTextSearch);
  }

  private SqlException missing(String column) {
    return new SqlException(
        SqlState.MISSING_VALUE,
        "column '" + column + "' of table '" + target.tableName() + "' needs a value",
        null);
  }

  private SqlException generated() {
    return new SqlException(
        SqlState.GENERATED_COLUMN,
        "a listed column of table '"
            + target.tableName()
            + "' is generated; leave it out, or give NULL or DEFAULT",
        null);
  }

  private static EventId parent(Object value) {
    if (value instanceof EventId id) {
      return id;
    }
    try {
      return EventId.parse(text(value, "parent"));
    } catch (IllegalArgumentException e) {
      throw new SqlException(
          SqlState.NO_PARENT, "the parent does not exist: its id is no 128 hexadecimal digits", e);
    }
  }

  private static EventType type(String name) {
    try {
      return EventType.valueOf(name.trim().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new SqlException(
          SqlState.RULE, "the type is none of NORMAL, OVERWRITE, PATCH, REMOVE and ROOT", e);
    }
  }

  private StoredContent stored(Object value) {
    if (value instanceof StoredContent stored) {
      return stored;
    }
    if (value instanceof Content open) {
      return store.put(open);
    }
    if (value instanceof byte[] bytes) {
      return store.put(bytes);
    }
    throw mismatch(value, "content", "give bytes: a BLOB parameter or X'..'");
  }

  private static List<String> tags(Object value) {
    List<?> items = value instanceof Object[] array ? Arrays.asList(array) : null;
    if (value instanceof List<?> list) {
      items = list;
    }
    if (items == null) {
      throw mismatch(value, "tags", "give an ARRAY of texts");
    }
    List<String> tags = new ArrayList<>(items.size());
    for (Object item : items) {
      if (item == null) {
        throw new SqlException(SqlState.MISSING_VALUE, "a tag is NULL", null);
      }
      tags.add(text(item, "tags"));
    }
    return tags;
  }

  private static String text(Object value, String column) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof byte[]
        || value instanceof Content
        || value instanceof StoredContent
        || value instanceof List
        || value instanceof Object[]) {
      throw mismatch(value, column, "give a text");
    }
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }

  private static boolean bool(Object value, String column) {
    if (value instanceof byte[] || value instanceof List) {
      throw mismatch(value, column, "give TRUE or FALSE");
    }
    return ParameterValues.bool(value);
  }

  private static long nanos(Object value) {
    try {
      LocalDateTime moment = ParameterValues.dateTime(value);
      long second = moment.toEpochSecond(ZoneOffset.UTC);
      long nano = moment.getNano();
      if (second < 0) { // towards 1970, so that the first second that has a part in range is met
        second++;
        nano -= NANOS_PER_SECOND;
      }
      return Math.addExact(Math.multiplyExact(second, NANOS_PER_SECOND), nano);
    } catch (DateTimeException e) {
      throw mismatch(value, "expires_at", "give a TIMESTAMP");
    }
  }

  private static SqlException mismatch(Object value, String column, String advice) {
    return new SqlException(
        SqlState.BAD_CAST,
        "a value of class "
            + value.getClass().getSimpleName()
            + " does not fit column '"
            + column
            + "'; "
            + advice,
        null);
  }
}
