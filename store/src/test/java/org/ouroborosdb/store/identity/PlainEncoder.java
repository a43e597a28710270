package org.ouroborosdb.store.identity;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The canonical encoding written down a second time from docs/FORMAT.md, as plainly as it can be,
 * from the text of a vector: shares nothing with the classes it checks.
 */
final class PlainEncoder {
  private static final List<String> TYPES =
      List.of("", "ROOT", "NORMAL", "OVERWRITE", "PATCH", "REMOVE");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private PlainEncoder() {}

  static byte[] header(Vector vector) throws IOException {
    PlainEncoder encoder = new PlainEncoder();
    DataOutputStream out = encoder.out;
    out.writeByte(TYPES.indexOf(vector.get("type")));
    encoder.item(vector.hex("writer"));
    out.writeLong(Long.parseLong(vector.get("level")));
    encoder.optional(vector.find("parent") == null ? null : vector.hex("parent"));
    encoder.set(vector.list("merges").stream().map(HexFormat.of()::parseHex).toList());
    out.writeBoolean(vector.is("temporary"));
    String expiresAt = vector.find("expires_at");
    out.writeBoolean(expiresAt != null);
    if (expiresAt != null) {
      out.writeLong(Long.parseLong(expiresAt));
    }
    out.writeBoolean(vector.is("full_text_search"));
    out.writeBoolean(false); // scope
    encoder.chunks(vector.find("metadata"));
    encoder.chunks(vector.find("content"));
    return encoder.bytes.toByteArray();
  }

  static byte[] text(Vector vector) throws IOException {
    PlainEncoder encoder = new PlainEncoder();
    encoder.optional(utf8(vector.find("title")));
    encoder.optional(utf8(vector.find("media_type")));
    encoder.set(vector.list("tags").stream().map(PlainEncoder::encode).toList());
    return encoder.bytes.toByteArray();
  }

  static byte[] commitment(byte[] salt, byte[] text) throws IOException {
    PlainEncoder encoder = new PlainEncoder();
    encoder.item(encode("ouroboros-text-v1"));
    encoder.item(salt);
    encoder.out.write(text);
    return sha512(encoder.bytes.toByteArray());
  }

  static byte[] id(byte[] header, byte[] commitment) throws IOException {
    PlainEncoder encoder = new PlainEncoder();
    encoder.item(encode("ouroboros-event-v1"));
    encoder.out.write(header);
    encoder.item(commitment);
    return sha512(encoder.bytes.toByteArray());
  }

  private void item(byte[] item) throws IOException {
    out.writeInt(item.length);
    out.write(item);
  }

  private void optional(byte @Nullable [] item) throws IOException {
    out.writeBoolean(item != null);
    if (item != null) {
      item(item);
    }
  }

  private void set(List<byte[]> items) throws IOException {
    TreeSet<byte[]> sorted = new TreeSet<>(Arrays::compareUnsigned);
    sorted.addAll(items);
    out.writeInt(sorted.size());
    for (byte[] item : sorted) {
      item(item);
    }
  }

  private void chunks(@Nullable String text) throws IOException {
    out.writeBoolean(text != null);
    if (text == null) {
      return;
    }
    List<String> chunks = text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    out.writeInt(chunks.size());
    for (String chunk : chunks) {
      item(HexFormat.of().parseHex(chunk.substring(0, 128)));
      out.writeInt(Integer.parseInt(chunk.substring(129)));
    }
  }

  private static byte @Nullable [] utf8(@Nullable String text) {
    return text == null ? null : encode(text);
  }

  private static byte[] encode(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha512(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-512").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
