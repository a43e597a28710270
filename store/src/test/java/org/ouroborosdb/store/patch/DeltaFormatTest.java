package org.ouroborosdb.store.patch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;

/** The bytes of a delta are those of docs/FORMAT.md; whatever else they are is refused. */
class DeltaFormatTest {
  private static final Path VECTORS =
      Path.of("src", "test", "resources", "vectors", "delta.properties");
  private static final int END_BYTES = 161;
  private static final int ENTRY_BYTES = 60;

  /** Prints the vectors, whose deltas a newer zstd may make otherwise. */
  public static void main(String[] arguments) {
    String text = "The quick brown fox jumps over the lazy dog. Nothing is overwritten here.";
    byte[] fox = text.getBytes(StandardCharsets.UTF_8);
    byte[] cat = text.replace("dog", "cat").getBytes(StandardCharsets.UTF_8);
    byte[] formatted = fox.clone();
    System.arraycopy(HexFormat.of().parseHex("37a430ec"), 0, formatted, 0, Integer.BYTES);
    byte[] copied = new byte[ENTRY_BYTES + END_BYTES];
    ByteBuffer.wrap(copied)
        .putLong(12)
        .putLong(32)
        .putInt(12)
        .putLong(0)
        .put(Window.hashOf(Arrays.copyOfRange(fox, 32, 44)))
        .put(hash(fox))
        .put(hash(Arrays.copyOfRange(fox, 32, 44)))
        .put((byte) 1)
        .putLong(fox.length)
        .putLong(12)
        .putLong(1)
        .putLong(0x4f55_524f_5041_5431L);
    print("changed", fox, HostileDelta.delta(fox, cat), cat);
    print("copied", fox, copied, Arrays.copyOfRange(fox, 32, 44));
    print("empty-base", new byte[0], HostileDelta.delta(new byte[0], cat), cat);
    print("empty-result", fox, HostileDelta.delta(fox, new byte[0]), new byte[0]);
    print("formatted-base", formatted, HostileDelta.delta(formatted, cat), cat);
  }

  private static void print(String name, byte[] base, byte[] delta, byte[] result) {
    HexFormat hex = HexFormat.of();
    System.out.println(name + ".base=" + hex.formatHex(base));
    System.out.println(name + ".delta=" + hex.formatHex(delta));
    System.out.println(name + ".result=" + hex.formatHex(result));
  }

  private static byte[] hash(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-512").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Applies a delta as the document says, with nothing of the store. */
  private static byte[] plain(byte[] base, byte[] delta) {
    ByteBuffer end = ByteBuffer.wrap(delta).position(delta.length - END_BYTES).slice();
    byte[] baseHash = new byte[64];
    byte[] resultHash = new byte[64];
    end.get(baseHash).get(resultHash);
    assertEquals(1, end.get());
    assertEquals(base.length, end.getLong());
    ByteBuffer result = ByteBuffer.allocate((int) end.getLong());
    int windows = (int) end.getLong();
    assertArrayEquals(hash(base), baseHash);
    int frame = 0;
    for (int i = 0; i < windows; i++) {
      int at = delta.length - END_BYTES - (windows - i) * ENTRY_BYTES;
      ByteBuffer entry = ByteBuffer.wrap(delta, at, ENTRY_BYTES);
      byte[] window = new byte[(int) entry.getLong() - result.position()];
      int offset = (int) entry.getLong();
      byte[] range = Arrays.copyOfRange(base, offset, offset + entry.getInt());
      int frameEnd = (int) entry.getLong();
      if (frame == frameEnd) {
        window = range;
      } else {
        boolean raw = range.length < 16 || HexFormat.of().formatHex(range).startsWith("37a430ec");
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
          context.loadDict(raw ? new byte[0] : range);
          context.decompressByteArray(window, 0, window.length, delta, frame, frameEnd - frame);
        }
      }
      byte[] hash = new byte[32];
      entry.get(hash);
      assertArrayEquals(Arrays.copyOf(hash(window), 32), hash);
      result.put(window);
      frame = frameEnd;
    }
    assertArrayEquals(hash(result.array()), resultHash);
    return result.array();
  }

  @Test
  void the_vectors_give_their_results_here_and_in_a_plain_decoder() throws IOException {
    Properties vectors = new Properties();
    try (Reader in = Files.newBufferedReader(VECTORS)) {
      vectors.load(in);
    }
    HexFormat hex = HexFormat.of();
    List<String> names =
        vectors.stringPropertyNames().stream()
            .filter(name -> name.endsWith(".delta"))
            .map(name -> name.substring(0, name.length() - ".delta".length()))
            .toList();
    assertEquals(5, names.size());
    for (String name : names) {
      byte[] base = hex.parseHex(vectors.getProperty(name + ".base"));
      byte[] delta = hex.parseHex(vectors.getProperty(name + ".delta"));
      byte[] result = hex.parseHex(vectors.getProperty(name + ".result"));
      Content made = PatchedContent.of(new BytesContent(delta), new BytesContent(base));
      PatchedContent.verify(made);
      assertArrayEquals(result, made.readAll(1 << 10), name);
      assertArrayEquals(result, plain(base, delta), name);
    }
  }

  @Test
  void deltas_of_random_edits_are_read_by_a_plain_decoder() {
    Random random = new Random(5);
    for (int length : new int[] {1, 15, 16, 1_000, 262_144, 262_145, 2_000_000}) {
      byte[] base = new byte[length];
      random.nextBytes(base);
      byte[] target = PatchesTest.edited(random, base, 4);
      byte[] delta = HostileDelta.delta(base, target);
      assertArrayEquals(target, plain(base, delta), length + " bytes");
      PatchedContent.verify(PatchedContent.of(new BytesContent(delta), new BytesContent(base)));
    }
  }

  @Test
  void no_flipped_bit_of_a_delta_gives_another_result() {
    byte[] base = new byte[2_000];
    new Random(6).nextBytes(base);
    byte[] target = PatchesTest.edited(new Random(7), base, 2);
    byte[] delta = HostileDelta.delta(base, target);
    for (int at = 0; at < delta.length; at++) {
      byte[] flipped = delta.clone();
      flipped[at] ^= (byte) (1 << at % Byte.SIZE);
      try {
        Content made = PatchedContent.of(new BytesContent(flipped), new BytesContent(base));
        PatchedContent.verify(made);
        assertArrayEquals(target, made.readAll(1 << 20), "byte " + at);
      } catch (StoreException e) {
        assertEquals(ErrorCode.CORRUPT, e.code());
      }
    }
  }

  @Test
  void a_delta_cannot_make_very_much_of_very_little() {
    byte[] zeros = new byte[50_000_000];
    byte[] delta = HostileDelta.delta(new byte[0], zeros);
    assertTrue(delta.length < zeros.length / DeltaEnd.MOST_GAIN);
    StoreException refused =
        assertThrows(
            StoreException.class,
            () -> PatchedContent.of(new BytesContent(delta), new BytesContent(new byte[0])));
    assertEquals(ErrorCode.CORRUPT, refused.code());
  }
}
