package org.ouroborosdb.jdbc.tree;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an imported event's metadata says of its file.
 *
 * @param kind what it is
 * @param size the length of a file in bytes; 0 for others
 * @param modified when it was last modified
 * @param mode the permissions as {@code rw-r--r--}; null where the file system has none
 * @param name the name's bytes, percent-encoded; null where the title is exact
 * @param target where a symbolic link points, percent-encoded if {@code rawTarget}; null for others
 * @param rawTarget whether the target's bytes are no text
 * @param identity what tells, with the rest, that a file was not written since; null for others
 */
record FileMetadata(
    Kind kind,
    long size,
    Instant modified,
    @Nullable String mode,
    @Nullable String name,
    @Nullable String target,
    boolean rawTarget,
    @Nullable Identity identity) {
  /** The kinds of file that are kept. */
  enum Kind {
    DIRECTORY,
    FILE,
    LINK;

    private final String text = name().toLowerCase(Locale.ROOT);
  }

  /**
   * Where a file lies and when it last changed in any way, which nobody can set back.
   *
   * @param inode the inode's number
   * @param changed the time of its last change
   */
  record Identity(long inode, Instant changed) {}

  /** Made when it is first needed: an import of plain names does without, and starts sooner. */
  private static final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();
  }

  private static final FileSystem DEFAULT = FileSystems.getDefault();
  private static final boolean DEFAULT_IS_UNIX = isUnix(DEFAULT);
  private static final String UNIX =
      "unix:mode,ino,ctime,size,lastModifiedTime,isDirectory,isRegularFile,isSymbolicLink";
  private static final String PERMISSIONS = "rwxrwxrwx";

  /** Reads the attributes of a file, not following a link; null if it is of no kind kept. */
  static @Nullable FileMetadata of(Path file, @Nullable String rawName) throws IOException {
    FileSystem files = file.getFileSystem();
    boolean isUnix = files.equals(DEFAULT) ? DEFAULT_IS_UNIX : isUnix(files);
    return isUnix ? ofUnix(file, rawName) : ofOther(file, rawName);
  }

  private static boolean isUnix(FileSystem files) {
    return files.supportedFileAttributeViews().contains("unix");
  }

  private static @Nullable FileMetadata ofUnix(Path file, @Nullable String rawName)
      throws IOException {
    Map<String, Object> all = Files.readAttributes(file, UNIX, LinkOption.NOFOLLOW_LINKS);
    Instant modified = ((FileTime) get(all, "lastModifiedTime")).toInstant();
    String mode = permissions((Integer) get(all, "mode"));
    if (get(all, "isRegularFile").equals(true)) {
      Identity identity =
          new Identity((Long) get(all, "ino"), ((FileTime) get(all, "ctime")).toInstant());
      long size = (Long) get(all, "size");
      return new FileMetadata(Kind.FILE, size, modified, mode, rawName, null, false, identity);
    }
    if (get(all, "isSymbolicLink").equals(true)) {
      return link(file, modified, mode, rawName);
    }
    return get(all, "isDirectory").equals(true)
        ? new FileMetadata(Kind.DIRECTORY, 0, modified, mode, rawName, null, false, null)
        : null;
  }

  private static Object get(Map<String, Object> attributes, String name) {
    return Objects.requireNonNull(attributes.get(name), name);
  }

  private static @Nullable FileMetadata ofOther(Path file, @Nullable String rawName)
      throws IOException {
    BasicFileAttributes all =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Instant modified = all.lastModifiedTime().toInstant();
    if (all.isSymbolicLink()) {
      return link(file, modified, null, rawName);
    }
    Kind kind = all.isDirectory() ? Kind.DIRECTORY : Kind.FILE;
    long size = all.isRegularFile() ? all.size() : 0;
    return all.isOther()
        ? null
        : new FileMetadata(kind, size, modified, null, rawName, null, false, null);
  }

  private static FileMetadata link(
      Path file, Instant modified, @Nullable String mode, @Nullable String rawName)
      throws IOException {
    RawName to = RawName.ofTarget(Files.readSymbolicLink(file));
    String target = to.raw() != null ? to.raw() : to.text();
    return new FileMetadata(Kind.LINK, 0, modified, mode, rawName, target, to.raw() != null, null);
  }

  private static String permissions(int mode) {
    char[] text = PERMISSIONS.toCharArray();
    for (int i = 0; i < text.length; i++) {
      if ((mode & (0x100 >> i)) == 0) {
        text[i] = '-';
      }
    }
    return new String(text);
  }

  /** Returns the same of a file that was found to be of another length. */
  FileMetadata withSize(long length) {
    return new FileMetadata(kind, length, modified, mode, name, target, rawTarget, identity);
  }

  /** Returns whether everything is the same but, perhaps, the identity. */
  boolean looksLike(@Nullable FileMetadata other) {
    return other != null
        && kind == other.kind
        && size == other.size
        && modified.equals(other.modified)
        && Objects.equals(mode, other.mode)
        && Objects.equals(name, other.name)
        && Objects.equals(target, other.target)
        && rawTarget == other.rawTarget;
  }

  /** Returns the metadata as JSON, always the same for the same values. */
  String toJson() {
    StringBuilder json = new StringBuilder(192);
    json.append("{\"kind\":\"").append(kind.text).append('"');
    if (kind == Kind.FILE) {
      json.append(",\"size\":").append(size);
    }
    json.append(",\"modified\":\"").append(modified).append('"');
    add(json, "mode", mode);
    add(json, "name", name);
    add(json, rawTarget ? "raw_target" : "target", target);
    if (identity != null) {
      json.append(",\"inode\":").append(identity.inode());
      json.append(",\"changed\":\"").append(identity.changed()).append('"');
    }
    return json.append('}').toString();
  }

  private static void add(StringBuilder json, String key, @Nullable String text) {
    if (text == null) {
      return;
    }
    json.append(",\"").append(key).append("\":");
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\')) {
      json.append('"').append(text).append('"');
    } else {
      json.append(Json.MAPPER.getNodeFactory().textNode(text));
    }
  }

  /** Reads metadata; null if it is none that {@link #toJson} writes. */
  static @Nullable FileMetadata parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      for (Kind kind : Kind.values()) {
        if (kind.text.equals(json.path("kind").asText())) {
          return parse(kind, json);
        }
      }
      return null;
    } catch (JsonProcessingException | DateTimeException e) {
      return null; // metadata of somebody else's making: the event is no imported file
    }
  }

  private static FileMetadata parse(Kind kind, JsonNode json) {
    String raw = textOrNull(json.path("raw_target"));
    String changed = textOrNull(json.path("changed"));
    return new FileMetadata(
        kind,
        json.path("size").asLong(),
        Moments.parse(json.path("modified").asText()),
        textOrNull(json.path("mode")),
        textOrNull(json.path("name")),
        raw != null ? raw : textOrNull(json.path("target")),
        raw != null,
        changed == null ? null : new Identity(json.path("inode").asLong(), Moments.parse(changed)));
  }

  private static @Nullable String textOrNull(JsonNode node) {
    return node.isTextual() ? node.asText() : null;
  }
}
