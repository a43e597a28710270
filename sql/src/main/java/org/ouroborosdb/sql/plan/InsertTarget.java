package org.ouroborosdb.sql.plan;

import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** The tables that take INSERT: their columns, and what each means for the new event. */
public enum InsertTarget {
  /** Roots; {@code title} is required. */
  ROOTS(
      "id",
      List.of("id", "title", "level", "created_at", "metadata"),
      Map.of("title", Field.TITLE)),
  /** Events of any type. */
  EVENTS(
      "id",
      List.of(
          "id",
          "parent",
          "root",
          "type",
          "title",
          "media_type",
          "level",
          "created_at",
          "depth",
          "seq",
          "temporary",
          "expires_at",
          "full_text_search",
          "tags",
          "metadata",
          "content_length",
          "content"),
      Map.of("parent", Field.PARENT, "type", Field.TYPE, "title", Field.TITLE)),
  /** NORMAL events under a parent. */
  CHILDREN(
      "child",
      List.of(
          "parent",
          "child",
          "child_index",
          "type",
          "title",
          "level",
          "created_at",
          "temporary",
          "content_length"),
      Map.of("parent", Field.PARENT, "type", Field.TYPE, "title", Field.TITLE)),
  /** NORMAL events with a name and a content. */
  FILES(
      "id",
      List.of(
          "id",
          "version",
          "parent",
          "root",
          "name",
          "path",
          "media_type",
          "length",
          "level",
          "created_at",
          "metadata",
          "temporary",
          "content"),
      Map.of("parent", Field.PARENT, "name", Field.TITLE)),
  /** Keys, under the root that they live below. */
  KV(
      "version",
      List.of("key", "content", "metadata", "version", "level", "writer"),
      Map.of("key", Field.TITLE));

  /** What a column sets; the type is that of a {@code ?} in its place. */
  public enum Field {
    PARENT(SqlTypeName.VARCHAR),
    TYPE(SqlTypeName.VARCHAR),
    TITLE(SqlTypeName.VARCHAR),
    MEDIA_TYPE(SqlTypeName.VARCHAR),
    METADATA(SqlTypeName.VARCHAR),
    CONTENT(SqlTypeName.VARBINARY),
    TAGS(SqlTypeName.ARRAY),
    TEMPORARY(SqlTypeName.BOOLEAN),
    EXPIRES_AT(SqlTypeName.TIMESTAMP),
    FULL_TEXT_SEARCH(SqlTypeName.BOOLEAN),
    /** Filled by the store; only NULL and DEFAULT are accepted. */
    GENERATED(SqlTypeName.VARCHAR);

    public final SqlTypeName typeName;

    Field(SqlTypeName typeName) {
      this.typeName = typeName;
    }
  }

  /** What every table takes, whether or not it shows it. */
  private static final Map<String, Field> COMMON =
      Map.of(
          "media_type", Field.MEDIA_TYPE,
          "metadata", Field.METADATA,
          "content", Field.CONTENT,
          "tags", Field.TAGS,
          "temporary", Field.TEMPORARY,
          "expires_at", Field.EXPIRES_AT,
          "full_text_search", Field.FULL_TEXT_SEARCH);

  private final String key;
  private final List<String> columns;
  private final Map<String, Field> own;

  InsertTarget(String key, List<String> columns, Map<String, Field> own) {
    this.key = key;
    this.columns = columns;
    this.own = own;
  }

  /** Returns the target with a table's name, or null. */
  public static @Nullable InsertTarget named(String table) {
    for (InsertTarget target : values()) {
      if (target.tableName().equalsIgnoreCase(table)) {
        return target;
      }
    }
    return null;
  }

  public String tableName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Returns the column of the generated key. */
  public String key() {
    return key;
  }

  /** Returns all columns that the table shows. */
  public List<String> columns() {
    return columns;
  }

  /** Returns those of them that take a value. */
  public List<String> insertable() {
    return columns.stream().filter(column -> field(column) != Field.GENERATED).toList();
  }

  /** Returns what a column sets; null if there is no such column. */
  public @Nullable Field field(String column) {
    Field field = own.get(column);
    if (field == null && (this != KV || columns.contains(column))) {
      field = COMMON.get(column);
    }
    return field == null && columns.contains(column) ? Field.GENERATED : field;
  }

  /** Returns whether a value must be there, else 23502. */
  public boolean requires(Field field) {
    return switch (field) {
      case PARENT -> this == CHILDREN || this == FILES;
      case TITLE -> this == ROOTS || this == FILES || this == KV;
      case CONTENT -> this == FILES;
      default -> false;
    };
  }
}
