package org.ouroborosdb.store.patch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;

/** Each number of a delta that contradicts the others is refused, with the reason. */
class BentDeltaTest {
  private static final int LINKS = 2 * DeltaEnd.HASH_BYTES;
  private static final int BASE_LENGTH = LINKS + 1;
  private static final int LENGTH = BASE_LENGTH + Long.BYTES;
  private static final int WINDOWS = LENGTH + Long.BYTES;
  private static final int MAGIC = WINDOWS + Long.BYTES;

  private static final int END = 0;
  private static final int BASE_OFFSET = Long.BYTES;
  private static final int RANGE = 2 * Long.BYTES;
  private static final int FRAME_END = RANGE + Integer.BYTES;

  private static final byte[] BASE = random(1, 700_000);
  private static final byte[] TARGET = target();
  private static final byte[] DELTA = HostileDelta.delta(BASE, TARGET);

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] target() {
    byte[] target = BASE.clone();
    for (int at = 50_000; at < target.length; at += 200_000) {
      Arrays.fill(target, at, at + 100, (byte) 7);
    }
    Arrays.fill(target, target.length - 100, target.length, (byte) 7); // so the last has a frame
    return target;
  }

  private static void read(byte[] delta, Content base) {
    Content made = PatchedContent.of(new BytesContent(delta), base);
    for (int at = 0; at < made.length(); at += 10_000) {
      made.read(at, (int) Math.min(10_000, made.length() - at));
    }
    PatchedContent.verify(made);
  }

  private static void assertRefused(String why, byte[] delta, Content base) {
    StoreException refused = assertThrows(StoreException.class, () -> read(delta, base), why);
    assertEquals(ErrorCode.CORRUPT, refused.code());
    assertTrue(PatchedContent.isBadDelta(refused));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }

  private static byte[] withEnd(int field, long value) {
    byte[] delta = DELTA.clone();
    ByteBuffer.wrap(delta).putLong(delta.length - DeltaEnd.BYTES + field, value);
    return delta;
  }

  private static int windows() {
    return (int) DeltaEnd.read(new BytesContent(DELTA)).windows();
  }

  private static int entry(int number) {
    return DELTA.length - DeltaEnd.BYTES - (windows() - number) * Window.BYTES;
  }

  private static byte[] withWindow(int number, int field, long value) {
    byte[] delta = DELTA.clone();
    ByteBuffer bytes = ByteBuffer.wrap(delta);
    if (field == RANGE) {
      bytes.putInt(entry(number) + field, (int) value);
    } else {
      bytes.putLong(entry(number) + field, value);
    }
    return delta;
  }

  private static long window(int number, int field) {
    ByteBuffer bytes = ByteBuffer.wrap(DELTA);
    return field == RANGE
        ? bytes.getInt(entry(number) + field)
        : bytes.getLong(entry(number) + field);
  }

  @Test
  void it_ends_as_deltas_do_with_numbers_that_can_be() {
    Content base = new BytesContent(BASE);
    read(DELTA, base);
    assertTrue(windows() >= 3, windows() + " windows");
    assertRefused("bytes only", Arrays.copyOf(DELTA, DeltaEnd.BYTES - 1), base);
    assertRefused("does not end as", withEnd(MAGIC, 5), base);
    for (int links : new int[] {0, -1, 9}) {
      byte[] delta = DELTA.clone();
      delta[delta.length - DeltaEnd.BYTES + LINKS] = (byte) links;
      assertRefused("of a chain", delta, base);
    }
    assertRefused("negative", withEnd(BASE_LENGTH, -1), base);
    assertRefused("negative", withEnd(LENGTH, -1), base);
    for (long windows : new long[] {-1, Long.MAX_VALUE, 0}) {
      assertRefused("no room for", withEnd(WINDOWS, windows), base);
    }
    assertRefused("cannot make", withEnd(LENGTH, 1), base);
    assertRefused("cannot make", withEnd(LENGTH, 1L << 40), base);
    assertRefused("its base has", withEnd(BASE_LENGTH, BASE.length + 1), base);
  }

  @Test
  void it_stands_where_it_says_in_its_chain() {
    byte[] secondAsFirst = DELTA.clone();
    secondAsFirst[secondAsFirst.length - DeltaEnd.BYTES + LINKS] = 2;
    assertRefused("place in the chain", secondAsFirst, new BytesContent(BASE));
    Content first =
        PatchedContent.of(
            new BytesContent(HostileDelta.delta(/* base= */ TARGET, /* target= */ BASE)),
            new BytesContent(TARGET));
    assertRefused("place in the chain", DELTA, first);
    read(secondAsFirst, first);
    byte[] otherBase = secondAsFirst.clone();
    otherBase[otherBase.length - DeltaEnd.BYTES]++;
    assertRefused("its base is another", otherBase, first);
    byte[] otherResult = DELTA.clone();
    otherResult[otherResult.length - DeltaEnd.BYTES + DeltaEnd.HASH_BYTES]++;
    assertRefused("its result is another", otherResult, new BytesContent(BASE));
    byte[] plainBase = BASE.clone();
    plainBase[BASE.length - 1]++;
    StoreException other =
        assertThrows(StoreException.class, () -> read(DELTA, new BytesContent(plainBase)));
    assertEquals(ErrorCode.CORRUPT, other.code());
  }

  @Test
  void its_windows_follow_one_another() {
    Content base = new BytesContent(BASE);
    long end = window(0, END);
    assertRefused("a window from", withWindow(0, END, 0), base);
    assertRefused("a window from", withWindow(0, END, -5), base);
    assertRefused("a window from", withWindow(0, END, Window.MAX_BYTES + 1L), base);
    assertRefused("a window from", withWindow(1, END, end), base);
    int last = windows() - 1;
    assertRefused("a window from", withWindow(last, END, TARGET.length + 1L), base);
    assertRefused("where the result does", withWindow(last, END, TARGET.length - 1L), base);
    assertRefused("where the result does", withWindow(last - 1, END, TARGET.length), base);
  }

  @Test
  void its_ranges_lie_in_the_base_in_order() {
    Content base = new BytesContent(BASE);
    for (long length : new long[] {-1, Window.MAX_BASE_BYTES + 1}) {
      assertRefused("a window's range", withWindow(0, RANGE, length), base);
    }
    assertRefused("a window's range", withWindow(0, BASE_OFFSET, -1), base);
    assertRefused("a window's range", withWindow(0, BASE_OFFSET, BASE.length + 1L), base);
    int later = windows() - 1;
    assertTrue(window(later, BASE_OFFSET) > 0);
    assertRefused("a window's range", withWindow(later, BASE_OFFSET, 0), base);
  }

  @Test
  void its_frames_lie_before_its_table() {
    Content base = new BytesContent(BASE);
    long table = entry(0);
    int last = windows() - 1;
    assertRefused("a frame from", withWindow(0, FRAME_END, table + 1), base);
    assertRefused("a frame from", withWindow(0, FRAME_END, -1), base);
    assertRefused("a frame from", withWindow(last, FRAME_END, 0), base);
    assertRefused("before its table", withWindow(last, FRAME_END, table - 1), base);
    byte[] long0 = new byte[DELTA.length + 400_000];
    System.arraycopy(DELTA, (int) table, long0, (int) table + 400_000, DELTA.length - (int) table);
    ByteBuffer.wrap(long0).putLong((int) table + 400_000 + FRAME_END, table + 400_000);
    assertRefused("a frame from", long0, base);
    int framed = framed();
    byte[] frameless =
        withWindow(framed, FRAME_END, framed == 0 ? 0 : window(framed - 1, FRAME_END));
    ByteBuffer.wrap(frameless).putInt(entry(framed) + RANGE, 5);
    assertRefused("", frameless, base);
  }

  /** Returns the first window that has a frame. */
  private static int framed() {
    for (int i = 0; i < windows(); i++) {
      if (window(i, FRAME_END) > (i == 0 ? 0 : window(i - 1, FRAME_END))) {
        return i;
      }
    }
    throw new AssertionError("no window has a frame");
  }

  @Test
  void a_maker_gives_the_same_bytes_one_by_one() throws IOException {
    byte[] one = new byte[DELTA.length];
    try (DeltaMaker maker =
        new DeltaMaker(new BytesContent(BASE), new ByteArrayInputStream(TARGET), chunk -> false)) {
      assertEquals(0, maker.read(one, 0, 0));
      for (int i = 0; i < one.length; i++) {
        one[i] = (byte) maker.read();
      }
      assertEquals(-1, maker.read());
      assertEquals(-1, maker.read(one, 0, 1));
      assertTrue(maker.isWorth());
    }
    assertArrayEquals(DELTA, one);
  }

  @Test
  void a_delta_that_only_makes_zeros_of_nothing_is_not_worth_it() throws IOException {
    byte[] zeros = new byte[30_000_000];
    try (DeltaMaker maker =
        new DeltaMaker(
            new BytesContent(new byte[0]), new ByteArrayInputStream(zeros), chunk -> false)) {
      byte[] delta = maker.readAllBytes();
      assertTrue((long) delta.length * DeltaEnd.MOST_GAIN < zeros.length);
      assertTrue(!maker.isWorth());
    }
  }
}
