package org.ouroborosdb.store.chunking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Limits;

class ChunkerTest {
  private static final int MIN = Limits.MIN_CHUNK_BYTES;
  private static final int MAX = Limits.MAX_CHUNK_BYTES;

  @Test
  void the_gear_table_is_that_of_the_format() throws IOException {
    long[] table = GearTable.derive();

    assertEquals(256, table.length);
    assertEquals(vector("gear.first"), String.format("%016x", table[0]));
    assertEquals(vector("gear.last"), String.format("%016x", table[255]));
    assertEquals(256, Arrays.stream(table).distinct().count());
  }

  @Test
  void the_cuts_are_those_of_the_vectors() throws Exception {
    assertEquals(vector("random"), lengths(counters(2 << 20)));
    assertEquals(vector("zeros"), lengths(new byte[600_000]));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      lines.append("line ").append(i).append(" of a text that repeats itself\n");
    }
    assertEquals(vector("lines"), lengths(lines.toString().getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void chunks_have_lengths_within_the_limits_and_cover_the_content() {
    Random random = new Random(1);
    for (int length : new int[] {1, MIN - 1, MIN, MIN + 1, MAX - 1, MAX, MAX + 1, 5_000_000}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      List<Integer> lengths = cuts(bytes);
      assertEquals(length, lengths.stream().mapToInt(Integer::intValue).sum());
      for (int i = 0; i < lengths.size(); i++) {
        boolean last = i == lengths.size() - 1;
        assertTrue(lengths.get(i) <= MAX && (last || lengths.get(i) >= MIN), lengths::toString);
      }
    }
  }

  @Test
  void chunks_of_random_bytes_are_64_kib_on_average() {
    byte[] bytes = new byte[32 << 20];
    new Random(2).nextBytes(bytes);

    int average = bytes.length / cuts(bytes).size();

    assertTrue(average > 56 << 10 && average < 80 << 10, average + " bytes");
  }

  @Test
  void an_insertion_changes_only_the_chunks_around_it() {
    long seed = 3;
    System.out.println("an_insertion_changes_only_the_chunks_around_it: seed " + seed);
    Random random = new Random(seed);
    byte[] before = new byte[8 << 20];
    random.nextBytes(before);
    for (int at : new int[] {0, 1, 100_000, 4_000_000, before.length - 1}) {
      byte[] inserted = new byte[1 + random.nextInt(5_000)];
      random.nextBytes(inserted);
      ByteArrayOutputStream after = new ByteArrayOutputStream();
      after.write(before, 0, at);
      after.writeBytes(inserted);
      after.write(before, at, before.length - at);

      Set<ByteBuffer> fresh = new HashSet<>(chunks(after.toByteArray()));
      fresh.removeAll(new HashSet<>(chunks(before)));

      assertTrue(fresh.size() <= 6, fresh.size() + " new chunks after an insertion at " + at);
    }
  }

  @Test
  void a_cut_does_not_depend_on_what_lies_beyond_the_longest_chunk() {
    byte[] bytes = new byte[4 * MAX];
    new Random(4).nextBytes(bytes);
    for (int at = 0; at < 2 * MAX; at += 4_099) {
      assertEquals(Chunker.cut(bytes, at, MAX), Chunker.cut(bytes, at, bytes.length - at));
    }
  }

  @Test
  void a_range_outside_the_bytes_is_refused() {
    byte[] bytes = new byte[10];
    assertThrows(IllegalArgumentException.class, () -> Chunker.cut(bytes, 0, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> Chunker.cut(bytes, 5, 6));
    assertThrows(IndexOutOfBoundsException.class, () -> Chunker.cut(bytes, -1, 3));
  }

  private static String lengths(byte[] bytes) {
    return cuts(bytes).stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private static List<Integer> cuts(byte[] bytes) {
    return chunks(bytes).stream().map(ByteBuffer::remaining).toList();
  }

  private static List<ByteBuffer> chunks(byte[] bytes) {
    List<ByteBuffer> chunks = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int length = Chunker.cut(bytes, at, bytes.length - at);
      chunks.add(ByteBuffer.wrap(bytes, at, length));
      at += length;
    }
    return chunks;
  }

  private static byte[] counters(int length) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    MessageDigest digest = MessageDigest.getInstance("SHA-512");
    for (long i = 0; bytes.hasRemaining(); i++) {
      bytes.put(digest.digest(ByteBuffer.allocate(Long.BYTES).putLong(i).array()));
    }
    return bytes.array();
  }

  private static String vector(String key) throws IOException {
    Properties values = new Properties();
    Path file = Path.of("src", "test", "resources", "vectors", "chunking.properties");
    try (Reader reader = Files.newBufferedReader(file)) {
      values.load(reader);
    }
    return values.getProperty(key, "");
  }
}
