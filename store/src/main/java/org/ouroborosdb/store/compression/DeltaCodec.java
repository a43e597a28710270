package org.ouroborosdb.store.compression;

import java.util.Arrays;
import org.ouroborosdb.store.Limits;

/**
 * Compresses bytes against others that they resemble: Zstandard frames with a raw-content
 * dictionary (RFC 8878, section 5). Thread-safe.
 */
final class DeltaCodec {
  /** Level, and a window of 1 MiB, which reaches over the longest base and the bytes themselves. */
  private static final int[] PARAMETERS = {6, 20};

  /** Less cannot be told from a formatted dictionary, whose header is four bytes and an id. */
  private static final int LEAST_BASE_BYTES = 16;

  private static final byte[] NO_BASE = {};

  private static final ZstdCodec.Contexts COMPRESSORS =
      new ZstdCodec.Contexts(() -> ZstdLibrary.newCompressor(PARAMETERS));
  private static final ZstdCodec.Contexts DECOMPRESSORS =
      new ZstdCodec.Contexts(ZstdLibrary::newDecompressor);

  private DeltaCodec() {}

  static byte[] compress(byte[] base, byte[] raw) {
    byte[] target = new byte[ZstdLibrary.compressBound(raw.length)];
    int length =
        COMPRESSORS.with(
            context -> {
              ZstdLibrary.setCompressorBase(context, usable(base));
              return ZstdLibrary.compress(context, target, raw, 0, raw.length);
            });
    return Arrays.copyOf(target, length);
  }

  static byte[] decompress(byte[] base, byte[] stored, int rawLength) {
    byte[] raw = new byte[rawLength];
    int found =
        DECOMPRESSORS.with(
            context -> {
              ZstdLibrary.setDecompressorBase(context, usable(base));
              return ZstdLibrary.decompress(context, raw, stored, 0, stored.length);
            });
    if (found != rawLength) {
      throw Compression.corrupt("they hold " + found + " bytes, not " + rawLength);
    }
    return raw;
  }

  /**
   * Returns a base that the library takes for what it is: not one that is longer than allowed, too
   * short, or that starts like a formatted dictionary (37 a4 30 ec), which is coded against
   * nothing.
   */
  private static byte[] usable(byte[] base) {
    if (base.length > Limits.MAX_GROUP_BYTES) {
      throw new IllegalArgumentException("a base of " + base.length + " bytes");
    }
    boolean formatted =
        base.length >= LEAST_BASE_BYTES
            && base[0] == 0x37
            && base[1] == (byte) 0xa4
            && base[2] == 0x30
            && base[3] == (byte) 0xec;
    return formatted || base.length < LEAST_BASE_BYTES ? NO_BASE : base;
  }
}
