package org.ouroborosdb.store.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.identity.proto.ChunkList;
import org.ouroborosdb.store.identity.proto.EventRecord;

/** What an event record must not be, one way at a time. */
class RecordRefusalsTest {
  private static final ChunkRef CHUNK = new ChunkRef(ChunkId.of(new byte[ChunkId.BYTES]), 7);

  private static SealedEvent sealed(int salt) {
    byte[] bytes = new byte[CanonicalEncoding.SALT_BYTES];
    bytes[0] = (byte) salt;
    EventHeader header =
        new EventHeader(
            EventType.NORMAL,
            new WriterId(1, 2),
            3,
            null,
            List.of(),
            false,
            null,
            false,
            null,
            new StoredContent(List.of(CHUNK)));
    return SealedEvent.of(header, new EventText("t", null, List.of()), bytes);
  }

  private static void assertRefused(byte[] record, String why) {
    StoreException refused =
        assertThrows(StoreException.class, () -> EventCodec.decodeVerified(record));
    assertEquals(ErrorCode.CORRUPT, refused.code());
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }

  private static void assertRefused(ChunkList content, String why) throws Exception {
    EventRecord record = EventRecord.parseFrom(EventCodec.encode(sealed(1)));
    assertRefused(record.toBuilder().setContent(content).build().toByteArray(), why);
  }

  @Test
  void a_record_over_the_limit_is_refused_by_its_length() {
    int most = Limits.MAX_EVENT_RECORD_BYTES;
    assertRefused(new byte[most + 1], "it has " + (most + 1) + " bytes");
    assertRefused(new byte[most], "tag");
  }

  @Test
  void a_chunk_list_has_as_many_lengths_as_names_and_whole_names() throws Exception {
    ByteString name = ByteString.copyFrom(CHUNK.id().toBytes());
    ChunkList whole = ChunkList.newBuilder().setNames(name).addLengths(7).build();
    assertEquals(
        sealed(1).event(), EventCodec.decodeVerified(EventCodec.encode(sealed(1))).event());
    assertRefused(whole.toBuilder().addLengths(7).build(), "unequal counts");
    assertRefused(
        whole.toBuilder().setNames(name.concat(ByteString.copyFrom(new byte[] {1}))).build(),
        "unequal counts");
    byte[] empty = {0x0a, 0, 0x12, 0}; // no names and no lengths, both written
    EventRecord record = EventRecord.parseFrom(EventCodec.encode(sealed(1)));
    assertRefused(
        record.toBuilder().setContent(ChunkList.parseFrom(empty)).build().toByteArray(), "id");
    byte[] bytes = record.toBuilder().clearContent().clearSalt().clearTitle().build().toByteArray();
    byte[] written = java.util.Arrays.copyOf(bytes, bytes.length + 6);
    written[bytes.length] = EventRecord.CONTENT_FIELD_NUMBER << 3 | 2;
    written[bytes.length + 1] = 4;
    System.arraycopy(empty, 0, written, bytes.length + 2, 4);
    assertRefused(written, "unequal counts");
  }

  @Test
  void sealed_events_are_equal_by_their_ids() {
    assertEquals(sealed(1), sealed(1));
    assertEquals(sealed(1).hashCode(), sealed(1).hashCode());
    assertNotEquals(sealed(1), sealed(2));
    assertNotEquals(sealed(1), sealed(1).event());
    assertEquals("event " + sealed(1).id(), sealed(1).toString());
  }
}
