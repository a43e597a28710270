package org.ouroborosdb.store.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;

class EventIdentityTest {
  private static final WriterId WRITER = new WriterId(1, 2);
  private static final EventId PARENT = EventId.of(new byte[EventId.BYTES]);

  static Stream<Vector> vectors() throws Exception {
    return Vector.all();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void a_plain_encoder_derives_every_vector(Vector vector) throws Exception {
    byte[] header = PlainEncoder.header(vector);
    byte[] text = PlainEncoder.text(vector);
    byte[] commitment = PlainEncoder.commitment(vector.hex("salt"), text);

    assertArrayEquals(vector.hex("header"), header);
    assertArrayEquals(vector.hex("text"), text);
    assertArrayEquals(vector.hex("commitment"), commitment);
    assertArrayEquals(vector.hex("id"), PlainEncoder.id(header, commitment));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void an_event_has_the_id_and_record_of_its_vector(Vector vector) {
    SealedEvent sealed = vector.seal();

    assertEquals(vector.get("id"), sealed.id().toString());
    assertArrayEquals(vector.hex("record"), EventCodec.encode(sealed));
    Event event = sealed.event();
    byte[] commitment =
        CanonicalEncoding.commitment(
            sealed.salt(), new EventText(event.title(), event.mediaType(), event.tags()));
    assertArrayEquals(vector.hex("commitment"), commitment);
  }

  @Test
  void the_vectors_cover_what_the_format_distinguishes() throws Exception {
    List<String> names = Vector.all().map(Vector::name).toList();

    assertEquals(
        Set.of(
            "root",
            "normal-everything",
            "overwrite-absent-content",
            "overwrite-empty-content",
            "empty-title",
            "remove-merges",
            "patch",
            "tags-order",
            "unicode"),
        Set.copyOf(names));
  }

  /** Around what is hashed at once, 1,024 bytes, texts take other ways into the hash. */
  @Test
  void texts_of_every_length_have_the_id_that_a_plain_encoder_derives() throws Exception {
    for (int length = 1; length < 2_200; length += length > 980 && length < 1_050 ? 1 : 37) {
      Properties values = new Properties();
      values.put("type", "NORMAL");
      values.put("writer", "00000000000000010000000000000002");
      values.put("level", "7");
      values.put("parent", PARENT.toString());
      values.put("salt", "00".repeat(16));
      values.put("title", "t".repeat(length));
      values.put("tags.0", "a".repeat(length));
      values.put("tags.1", "a".repeat(length) + "b");
      Vector vector = new Vector("length " + length, values);
      byte[] commitment = PlainEncoder.commitment(vector.hex("salt"), PlainEncoder.text(vector));
      byte[] id = PlainEncoder.id(PlainEncoder.header(vector), commitment);
      SealedEvent sealed = vector.seal();
      assertEquals(HexFormat.of().formatHex(id), sealed.id().toString(), vector.name());
      SealedEvent read = EventCodec.decodeVerified(EventCodec.encode(sealed));
      assertEquals(sealed, read);
      assertEquals(sealed.hashCode(), read.hashCode());
      assertNotEquals(sealed, seal(child().title("x")));
      assertTrue(sealed.toString().contains(sealed.id().toString()), sealed::toString);
    }
  }

  @Test
  void every_field_changes_the_id() {
    Set<EventId> ids = new HashSet<>();
    StoredContent chunk = content(1);
    List<SealedEvent> variants =
        List.of(
            seal(child()),
            seal(NewEvent.overwrite(PARENT)),
            seal(NewEvent.child(EventId.of(filled(64, 1)))),
            seal(child().merges(List.of(PARENT))),
            seal(child().temporary()),
            seal(child().temporary(0L)),
            seal(child().temporary(1L)),
            seal(child().fullTextSearch(true)),
            seal(child().title("")),
            seal(child().title("a")),
            seal(child().mediaType("")),
            seal(child().mediaType("a")),
            seal(child().tags("")),
            seal(child().tags("a")),
            seal(child().tags("a", "b")),
            seal(child().tags("ab")),
            seal(child().content(StoredContent.EMPTY)),
            seal(child().content(chunk)),
            seal(child().content(content(2))),
            seal(child().content(content(1, 1))),
            SealedEvent.seal(child().build(), WRITER, 7, chunk, new byte[16]),
            SealedEvent.seal(child().build(), WRITER, 7, StoredContent.EMPTY, new byte[16]),
            SealedEvent.seal(child().build(), WRITER, 8, null, new byte[16]),
            SealedEvent.seal(child().build(), new WriterId(1, 3), 7, null, new byte[16]),
            SealedEvent.seal(child().build(), new WriterId(2, 2), 7, null, new byte[16]),
            SealedEvent.seal(child().build(), WRITER, 7, null, filled(16, 1)));

    variants.forEach(event -> ids.add(event.id()));

    assertEquals(variants.size(), ids.size());
  }

  @Test
  void the_order_and_repetition_of_tags_and_merges_do_not_matter() {
    EventId other = EventId.of(filled(64, 0x80));
    SealedEvent one = seal(child().tags("b", "a", "b").merges(List.of(other, PARENT, other)));
    SealedEvent two = seal(child().tags("a", "b").merges(List.of(PARENT, other)));

    assertEquals(one.id(), two.id());
    assertEquals(List.of("a", "b"), one.event().tags());
    assertEquals(List.of(PARENT, other), one.event().merges());
  }

  @Test
  void tags_are_ordered_as_their_utf8_bytes_are() {
    List<String> texts =
        new ArrayList<>(
            List.of(
                "",
                "a",
                "ab",
                "\u007f",
                "\u0080",
                "\u07ff",
                "\ud7ff",
                "\ue000",
                "\uffff",
                "\ud800\udc00",
                "\ud83d\ude00",
                "\udbff\udfff",
                "a\ud83d\ude00",
                "a\uffff"));
    for (String left : texts) {
      for (String right : texts) {
        int expected =
            Arrays.compareUnsigned(Utf8.encode("left", left, 9), Utf8.encode("right", right, 9));
        assertEquals(
            Integer.signum(expected),
            Integer.signum(EventText.compareUtf8(left, right)),
            left + " and " + right);
      }
    }
  }

  @Test
  void an_unpaired_surrogate_is_refused_in_every_text() {
    for (String text :
        List.of("\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d", "x\ud83d\ud83d\ude00")) {
      assertRefused(ErrorCode.INVALID_TEXT, child().title(text));
      assertRefused(ErrorCode.INVALID_TEXT, child().mediaType(text));
      assertRefused(ErrorCode.INVALID_TEXT, child().tags(text));
    }
  }

  @Test
  void texts_are_accepted_up_to_their_limit_in_utf8_bytes() {
    String half = "\u00e9".repeat(Limits.MAX_TITLE_BYTES / 2);
    assertEquals(half, seal(child().title(half)).event().title());

    assertRefused(ErrorCode.TOO_LONG, child().title(half + "a"));
    assertRefused(ErrorCode.TOO_LONG, child().title("a".repeat(Limits.MAX_TITLE_BYTES + 1)));
    assertRefused(ErrorCode.TOO_LONG, child().mediaType("a".repeat(256)));
    String tag = "t".repeat(Limits.MAX_TAGS_BYTES - 1);
    assertEquals(2, seal(child().tags(tag, "a")).event().tags().size());
    assertRefused(ErrorCode.TOO_LONG, child().tags(tag, "ab"));
    assertRefused(ErrorCode.TOO_LONG, child().tags(tag + "tt"));
  }

  @Test
  void counts_are_limited() {
    List<EventId> merges = new ArrayList<>();
    for (int i = 0; i <= Limits.MAX_MERGES; i++) {
      byte[] bytes = new byte[64];
      bytes[0] = (byte) i;
      bytes[1] = (byte) (i >> 8);
      merges.add(EventId.of(bytes));
    }
    assertRefused(ErrorCode.LIMIT_EXCEEDED, child().merges(merges));
    List<EventId> most = merges.subList(1, merges.size());
    assertEquals(Limits.MAX_MERGES, seal(child().merges(most)).event().merges().size());
    ChunkRef chunk = content(1).chunks().get(0);
    List<ChunkRef> many = Collections.nCopies(Limits.MAX_CHUNKS_PER_CONTENT + 1, chunk);
    assertRefused(ErrorCode.LIMIT_EXCEEDED, child().content(new StoredContent(many)));
  }

  @Test
  void a_salt_is_neither_shared_nor_of_another_length() {
    byte[] salt = new byte[16];
    SealedEvent sealed = SealedEvent.seal(child().build(), WRITER, 7, null, salt);
    salt[0] = 1;
    sealed.salt()[1] = 1;

    assertArrayEquals(new byte[16], sealed.salt());
    assertNotEquals(sealed.id(), SealedEvent.seal(child().build(), WRITER, 7, null, salt).id());
    assertThrows(
        IllegalArgumentException.class,
        () -> SealedEvent.seal(child().build(), WRITER, 7, null, new byte[15]));
  }

  private static void assertRefused(ErrorCode code, NewEvent.Builder draft) {
    StoreException refusal = assertThrows(StoreException.class, () -> seal(draft));
    assertEquals(code, refusal.code());
  }

  private static NewEvent.Builder child() {
    return NewEvent.child(PARENT);
  }

  private static SealedEvent seal(NewEvent.Builder draft) {
    return SealedEvent.seal(draft.build(), WRITER, 7, null, new byte[16]);
  }

  private static StoredContent content(int... lengths) {
    return new StoredContent(
        Arrays.stream(lengths)
            .mapToObj(length -> new ChunkRef(ChunkId.of(new byte[64]), length))
            .toList());
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
