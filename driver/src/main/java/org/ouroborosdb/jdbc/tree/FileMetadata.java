package org.ouroborosdb.jdbc.tree;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an imported event's metadata says of its file.
 *
 * @param kind what it is
 * @param size the length of a file in bytes; 0 for others
 * @param modified when it was last modified
 * @param mode the permissions as {@code rw-r--r--}; null where the file system has none
 * @param target where a symbolic link points; null for others
 */
record FileMetadata(
    Kind kind, long size, Instant modified, @Nullable String mode, @Nullable String target) {
  /** The kinds of file that are kept. */
  enum Kind {
    DIRECTORY,
    FILE,
    LINK;

    private String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads the attributes of a file, not following a link; null if it is of no kind kept. */
  static @Nullable FileMetadata of(Path file) throws IOException {
    BasicFileAttributes attributes = attributes(file);
    Instant modified = attributes.lastModifiedTime().toInstant();
    String mode =
        attributes instanceof PosixFileAttributes posix
            ? PosixFilePermissions.toString(posix.permissions())
            : null;
    if (attributes.isSymbolicLink()) {
      String target = Files.readSymbolicLink(file).toString();
      return new FileMetadata(Kind.LINK, 0, modified, mode, target);
    }
    if (attributes.isDirectory()) {
      return new FileMetadata(Kind.DIRECTORY, 0, modified, mode, null);
    }
    return attributes.isRegularFile()
        ? new FileMetadata(Kind.FILE, attributes.size(), modified, mode, null)
        : null;
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    Class<? extends BasicFileAttributes> kind =
        posix ? PosixFileAttributes.class : BasicFileAttributes.class;
    return Files.readAttributes(file, kind, LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns the metadata as JSON, always the same for the same values. */
  String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("kind", kind.text());
    if (kind == Kind.FILE) {
      json.put("size", size);
    }
    json.put("modified", modified.toString());
    if (mode != null) {
      json.put("mode", mode);
    }
    if (target != null) {
      json.put("target", target);
    }
    return json.toString();
  }

  /** Reads metadata; null if it is none that {@link #toJson} writes. */
  static @Nullable FileMetadata parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      JsonNode json = JSON.readTree(text);
      for (Kind kind : Kind.values()) {
        if (kind.text().equals(json.path("kind").asText())) {
          return new FileMetadata(
              kind,
              json.path("size").asLong(),
              Instant.parse(json.path("modified").asText()),
              textOrNull(json.path("mode")),
              textOrNull(json.path("target")));
        }
      }
      return null;
    } catch (JsonProcessingException | DateTimeException e) {
      return null; // metadata of somebody else's making: the event is no imported file
    }
  }

  private static @Nullable String textOrNull(JsonNode node) {
    return node.isTextual() ? node.asText() : null;
  }
}
