package org.ouroborosdb.store.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.identity.proto.ChunkList;
import org.ouroborosdb.store.identity.proto.EventRecord;

class EventRecordTest {
  private static final EventId PARENT = EventId.of(new byte[EventId.BYTES]);

  static Stream<Vector> vectors() throws Exception {
    return Vector.all();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void a_record_gives_the_event_back(Vector vector) {
    SealedEvent written = vector.seal();

    SealedEvent read = EventCodec.decodeVerified(EventCodec.encode(written));

    assertEquals(written.event(), read.event());
    assertArrayEquals(written.salt(), read.salt());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void any_protobuf_library_reads_and_writes_the_same_record(Vector vector) throws Exception {
    byte[] record = vector.hex("record");

    EventRecord message = EventRecord.parseFrom(record);

    assertEquals(vector.get("level"), Long.toString(message.getLevel()));
    assertEquals(vector.find("title") != null, message.hasTitle());
    assertEquals(vector.find("content") != null, message.hasContent());
    assertTrue(message.getUnknownFields().asMap().isEmpty());
    assertArrayEquals(record, message.toByteArray());
  }

  @Test
  void content_of_the_greatest_number_of_chunks_fits_its_record() {
    ChunkRef chunk = new ChunkRef(ChunkId.of(new byte[64]), Limits.MAX_CHUNK_BYTES);
    StoredContent content =
        new StoredContent(Collections.nCopies(Limits.MAX_CHUNKS_PER_CONTENT, chunk));
    StoredContent metadata = new StoredContent(Collections.nCopies(1024, chunk));
    NewEvent draft =
        NewEvent.child(PARENT).content(content).title("t".repeat(Limits.MAX_TITLE_BYTES)).build();
    SealedEvent sealed = SealedEvent.seal(draft, new WriterId(0, 0), 1, metadata, new byte[16]);

    byte[] record = EventCodec.encode(sealed);

    assertTrue(record.length < Limits.MAX_EVENT_RECORD_BYTES, record.length + " bytes");
    assertEquals(sealed.id(), EventCodec.decodeVerified(record).id());
  }

  @Test
  void every_flipped_bit_is_found() {
    byte[] record = Vector.named("normal-everything").hex("record");
    for (int bit = 0; bit < record.length * 8; bit++) {
      byte[] damaged = record.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertCorrupt(damaged);
    }
  }

  @Test
  void every_truncated_record_is_found() {
    byte[] record = Vector.named("normal-everything").hex("record");
    for (int length = 0; length < record.length; length++) {
      assertCorrupt(Arrays.copyOf(record, length));
    }
    assertCorrupt(Arrays.copyOf(record, record.length + 1));
  }

  @Test
  void random_bytes_are_no_event() {
    long seed = 20261121;
    System.out.println("random_bytes_are_no_event: seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(400)];
      random.nextBytes(bytes);
      assertCorrupt(bytes);
    }
  }

  @Test
  void random_damage_to_a_record_is_found() {
    long seed = 20261122;
    System.out.println("random_damage_to_a_record_is_found: seed " + seed);
    Random random = new Random(seed);
    byte[] record = Vector.named("remove-merges").hex("record");
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = record.clone();
      int damages = 1 + random.nextInt(4);
      for (int j = 0; j < damages; j++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
      }
      if (!Arrays.equals(record, damaged)) {
        assertCorrupt(damaged);
      }
    }
  }

  @Test
  void a_true_id_does_not_excuse_an_order_that_is_not_canonical() throws Exception {
    Vector vector = Vector.named("tags-order");
    EventRecord message = EventRecord.parseFrom(vector.hex("record"));
    List<String> tags = message.getTagsList();
    List<String> reversed = new ArrayList<>(tags);
    Collections.reverse(reversed);
    List<String> twice = new ArrayList<>(tags);
    twice.add(tags.get(tags.size() - 1));

    assertEquals(vector.seal(), EventCodec.decodeVerified(withTags(vector, message, tags)));
    assertCorrupt(withTags(vector, message, reversed));
    assertCorrupt(withTags(vector, message, twice));
    EventRecord merging = EventRecord.parseFrom(Vector.named("remove-merges").hex("record"));
    assertCorrupt(merging.toBuilder().addMerges(merging.getMerges(0)).build().toByteArray());
  }

  @Test
  void fields_that_repeat_or_are_unknown_are_refused() throws Exception {
    byte[] record = Vector.named("root").hex("record");
    assertCorrupt(concat(record, field(EventRecord.TITLE_FIELD_NUMBER, new byte[] {'x'})));
    assertCorrupt(concat(record, field(99, new byte[3])));
    assertCorrupt(concat(field(EventRecord.TITLE_FIELD_NUMBER, new byte[] {'x'}), record));
    assertCorrupt(concat(record, new byte[] {EventRecord.TYPE_FIELD_NUMBER << 3, 1}));
  }

  @Test
  void texts_that_are_not_utf8_are_refused() throws Exception {
    byte[] record = Vector.named("root").hex("record");
    byte[] prefix = Arrays.copyOf(record, record.length - 2 - "Archive".length());
    byte[] surrogate = {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
    for (byte[] bad : List.of(new byte[] {(byte) 0xff}, surrogate)) {
      StoreException refusal =
          assertThrows(
              StoreException.class,
              () ->
                  EventCodec.decodeVerified(
                      concat(prefix, field(EventRecord.TITLE_FIELD_NUMBER, bad))));
      assertEquals(ErrorCode.CORRUPT, refusal.code());
    }
  }

  @Test
  void huge_counts_and_lengths_are_refused_before_anything_is_allocated_for_them()
      throws Exception {
    byte[] start = header();
    byte[] id = field(EventRecord.MERGES_FIELD_NUMBER, new byte[64]);
    byte[] noTag = field(EventRecord.TAGS_FIELD_NUMBER, new byte[0]);
    byte[] names = field(ChunkList.NAMES_FIELD_NUMBER, new byte[64]);
    assertRefusedCheaply(concat(start, repeat(noTag, 4_000_000)));
    assertRefusedCheaply(concat(start, repeat(id, 100_000)));
    assertRefusedCheaply(
        concat(start, field(EventRecord.TITLE_FIELD_NUMBER, new byte[Limits.MAX_TITLE_BYTES + 1])));
    assertRefusedCheaply(concat(start, field(EventRecord.TAGS_FIELD_NUMBER, new byte[4 << 20])));
    assertRefusedCheaply(
        concat(
            start,
            field(
                EventRecord.CONTENT_FIELD_NUMBER,
                concat(names, field(ChunkList.LENGTHS_FIELD_NUMBER, new byte[4 << 20])))));
    int most = Integer.MAX_VALUE;
    assertRefusedCheaply(concat(start, announced(EventRecord.TITLE_FIELD_NUMBER, most)));
    assertRefusedCheaply(concat(start, announced(EventRecord.CONTENT_FIELD_NUMBER, most)));
    assertRefusedCheaply(concat(start, announced(EventRecord.CONTENT_FIELD_NUMBER, -1)));
    assertRefusedCheaply(
        concat(
            start,
            field(
                EventRecord.CONTENT_FIELD_NUMBER,
                announced(ChunkList.NAMES_FIELD_NUMBER, 64 << 20))));
  }

  private static void assertRefusedCheaply(byte[] record) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertCorrupt(record);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 2 << 20, allocated + " bytes allocated");
  }

  private static void assertCorrupt(byte[] record) {
    StoreException refusal =
        assertThrows(StoreException.class, () -> EventCodec.decodeVerified(record));
    assertEquals(ErrorCode.CORRUPT, refusal.code());
  }

  private static byte[] header() {
    return EventRecord.newBuilder()
        .setId(ByteString.copyFrom(new byte[64]))
        .setTypeValue(2)
        .setWriter(ByteString.copyFrom(new byte[16]))
        .setLevel(1)
        .build()
        .toByteArray();
  }

  /** Returns the record with these tags and the id that a careless encoder would give it. */
  private static byte[] withTags(Vector vector, EventRecord message, List<String> tags)
      throws Exception {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(text);
    out.write(new byte[] {1, 0, 0, 0, 1, 't', 0});
    out.writeInt(tags.size());
    for (String tag : tags) {
      out.writeInt(tag.getBytes(StandardCharsets.UTF_8).length);
      out.write(tag.getBytes(StandardCharsets.UTF_8));
    }
    byte[] commitment = PlainEncoder.commitment(vector.hex("salt"), text.toByteArray());
    byte[] id = PlainEncoder.id(vector.hex("header"), commitment);
    return message.toBuilder()
        .setId(ByteString.copyFrom(id))
        .clearTags()
        .addAllTags(tags)
        .build()
        .toByteArray();
  }

  private static byte[] field(int number, byte[] value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(number, value);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] announced(int number, int length) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeTag(number, 2);
    out.writeUInt32NoTag(length);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] repeat(byte[] part, int times) {
    byte[] all = new byte[part.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(part, 0, all, i * part.length, part.length);
    }
    return all;
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
