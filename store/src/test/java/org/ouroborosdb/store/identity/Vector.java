package org.ouroborosdb.store.identity;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;

/** One committed test vector: an event as text, and what follows from it in hexadecimal. */
record Vector(String name, Properties values) {
  private static final Path FOLDER = Path.of("src", "test", "resources", "vectors", "identity");

  static Stream<Vector> all() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList().stream().map(Vector::read);
    }
  }

  static Vector named(String name) {
    return read(FOLDER.resolve(name + ".properties"));
  }

  private static Vector read(Path file) {
    Properties values = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      values.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Vector(String.valueOf(file.getFileName()).replace(".properties", ""), values);
  }

  String get(String key) {
    String value = values.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException(name + " has no " + key);
    }
    return value;
  }

  @Nullable String find(String key) {
    return values.getProperty(key);
  }

  boolean is(String key) {
    return "true".equals(find(key));
  }

  byte[] hex(String key) {
    return HexFormat.of().parseHex(get(key));
  }

  List<String> list(String key) {
    List<String> list = new ArrayList<>();
    for (String value = find(key + ".0"); value != null; value = find(key + "." + list.size())) {
      list.add(value);
    }
    return list;
  }

  SealedEvent seal() {
    String parent = find("parent");
    NewEvent.Builder draft =
        NewEvent.of(EventType.valueOf(get("type")), parent == null ? null : EventId.parse(parent))
            .merges(list("merges").stream().map(EventId::parse).toList())
            .title(find("title"))
            .mediaType(find("media_type"))
            .tags(list("tags"))
            .content(chunks("content"))
            .fullTextSearch(is("full_text_search"));
    if (is("temporary")) {
      String expiresAt = find("expires_at");
      draft.temporary(expiresAt == null ? null : Long.valueOf(expiresAt));
    }
    String writer = get("writer");
    WriterId writerId =
        new WriterId(
            HexFormat.fromHexDigitsToLong(writer, 0, 16),
            HexFormat.fromHexDigitsToLong(writer, 16, 32));
    return SealedEvent.seal(
        draft.build(), writerId, Long.parseLong(get("level")), chunks("metadata"), hex("salt"));
  }

  private @Nullable StoredContent chunks(String key) {
    String text = find(key);
    if (text == null) {
      return null;
    }
    List<ChunkRef> chunks = new ArrayList<>();
    for (String chunk : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
      String[] parts = chunk.split(":", -1);
      chunks.add(new ChunkRef(ChunkId.parse(parts[0]), Integer.parseInt(parts[1])));
    }
    return new StoredContent(chunks);
  }

  @Override
  public String toString() {
    return name;
  }
}
