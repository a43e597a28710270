package org.ouroborosdb.store.identity;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;

/**
 * The hashes that identify an event, as docs/FORMAT.md, section "Identity", specifies them byte by
 * byte. Stateless. Final: a change of any byte here gives every event another id.
 */
final class CanonicalEncoding {
  static final int SALT_BYTES = 16;

  private static final byte[] EVENT_TAG = ascii("ouroboros-event-v1");
  private static final byte[] TEXT_TAG = ascii("ouroboros-text-v1");

  private CanonicalEncoding() {}

  /** Returns the id of the event with a header and the commitment to its text. */
  static EventId eventId(EventHeader header, byte[] commitment) {
    CanonicalDigest out = CanonicalDigest.start();
    out.item(EVENT_TAG);
    header(out, header);
    out.item(commitment);
    return EventId.of(out.hash());
  }

  /** Returns the commitment to a text: without the salt, nobody can test a guess of the text. */
  static byte[] commitment(byte[] salt, EventText text) {
    CanonicalDigest out = CanonicalDigest.start();
    out.item(TEXT_TAG);
    out.item(salt);
    optionalText(out, text.title());
    optionalText(out, text.mediaType());
    out.u32(text.tags().size());
    for (String tag : text.tags()) {
      out.item(tag.getBytes(StandardCharsets.UTF_8));
    }
    return out.hash();
  }

  private static void header(CanonicalDigest out, EventHeader header) {
    out.u8(header.type().number());
    out.u32(WriterId.BYTES);
    out.u64(header.writer().high());
    out.u64(header.writer().low());
    out.u64(header.level());
    EventId parent = header.parent();
    out.present(parent != null);
    if (parent != null) {
      out.item(parent.toBytes());
    }
    out.u32(header.merges().size());
    for (EventId merge : header.merges()) {
      out.item(merge.toBytes());
    }
    out.u8(header.temporary() ? 1 : 0);
    Long expiresAt = header.expiresAt();
    out.present(expiresAt != null);
    if (expiresAt != null) {
      out.u64(expiresAt);
    }
    out.u8(header.fullTextSearch() ? 1 : 0);
    out.present(false); // scope
    optionalChunks(out, header.metadata());
    optionalChunks(out, header.content());
  }

  private static void optionalChunks(CanonicalDigest out, @Nullable StoredContent content) {
    out.present(content != null);
    if (content == null) {
      return;
    }
    out.u32(content.chunks().size());
    for (ChunkRef chunk : content.chunks()) {
      out.item(chunk.id().toBytes());
      out.u32(chunk.length());
    }
  }

  private static void optionalText(CanonicalDigest out, @Nullable String text) {
    out.present(text != null);
    if (text != null) {
      out.item(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
