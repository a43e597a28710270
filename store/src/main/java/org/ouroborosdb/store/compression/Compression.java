package org.ouroborosdb.store.compression;

import java.nio.ByteBuffer;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Guard;

/**
 * Chooses the codec that stored bytes get, and undoes it. Stateless, thread-safe.
 *
 * <p>The codec numbers are part of the format and are never reused.
 */
public final class Compression {
  /** The codec of bytes stored as they are. */
  public static final byte NONE = 0;

  /** The codec of one Zstandard frame (RFC 8878). */
  public static final byte ZSTD = 1;

  private static final int LEAST_GAIN = 16; // less than 1/16 gained is not worth undoing
  private static final int LEAST_BYTES = 64; // a frame's own 10 bytes eat what less could gain

  private Compression() {}

  /**
   * Bytes in their stored form.
   *
   * @param codec {@link #NONE} or {@link #ZSTD}
   * @param bytes the stored bytes, between position and limit
   */
  public record Stored(byte codec, ByteBuffer bytes) {}

  /** Returns the room that {@link #compress} needs for so many plain bytes. */
  public static int bound(int length) {
    return ZstdLibrary.compressBound(length);
  }

  /**
   * Compresses bytes if that gains at least 1/16 of them.
   *
   * @param raw starts with the {@code length} bytes; the result may share it
   * @param target has room for {@link #bound} bytes; the result may share it
   */
  public static Stored compress(byte[] raw, int length, byte[] target) {
    if (length >= LEAST_BYTES) {
      int stored = ZstdCodec.compress(raw, length, target);
      if (stored <= length - length / LEAST_GAIN) {
        return new Stored(ZSTD, ByteBuffer.wrap(target, 0, stored));
      }
    }
    return new Stored(NONE, ByteBuffer.wrap(raw, 0, length));
  }

  /**
   * Returns the plain bytes.
   *
   * @param rawLength how many they are, at most {@link Limits#MAX_GROUP_BYTES}; no more is ever
   *     allocated
   * @throws StoreException {@link ErrorCode#CORRUPT} if they are not as many, the codec is unknown,
   *     or the bytes are not of the codec
   */
  public static byte[] decompress(byte codec, ByteBuffer stored, int rawLength) {
    if (Guard.FRAME_LIMIT.isOn() && (rawLength < 0 || rawLength > Limits.MAX_GROUP_BYTES)) {
      throw corrupt("a plain length of " + rawLength + " bytes is out of range");
    }
    return switch (codec) {
      case NONE -> {
        if (stored.remaining() != rawLength) {
          throw corrupt(stored.remaining() + " bytes are stored of " + rawLength);
        }
        yield copy(stored);
      }
      case ZSTD -> unzip(stored, rawLength);
      default -> throw corrupt("codec " + codec + " is unknown");
    };
  }

  /**
   * Writes one frame whose matches may lie in a base, at most {@link Limits#MAX_GROUP_BYTES} of it.
   */
  public static byte[] compressAgainst(byte[] base, byte[] raw) {
    return DeltaCodec.compress(base, raw);
  }

  /**
   * Returns the plain bytes of a frame that was compressed against a base.
   *
   * @param rawLength how many they are, at most {@link Limits#MAX_GROUP_BYTES}
   * @throws StoreException {@link ErrorCode#CORRUPT} if they are not as many, or it is no frame
   */
  public static byte[] decompressAgainst(byte[] base, byte[] stored, int rawLength) {
    if (Guard.FRAME_LIMIT.isOn() && (rawLength < 0 || rawLength > Limits.MAX_GROUP_BYTES)) {
      throw corrupt("a plain length of " + rawLength + " bytes is out of range");
    }
    return DeltaCodec.decompress(base, stored, rawLength);
  }

  /** Returns the name of a codec, as {@link org.ouroborosdb.store.ChunkInfo} gives it. */
  public static String codecName(byte codec) {
    return switch (codec) {
      case NONE -> "none";
      case ZSTD -> "zstd";
      default -> throw corrupt("codec " + codec + " is unknown");
    };
  }

  static StoreException corrupt(String why) {
    return new StoreException(ErrorCode.CORRUPT, "stored bytes are damaged: " + why);
  }

  private static byte[] unzip(ByteBuffer stored, int rawLength) {
    if (stored.hasArray()) {
      int offset = stored.arrayOffset() + stored.position();
      return ZstdCodec.decompress(stored.array(), offset, stored.remaining(), rawLength);
    }
    return ZstdCodec.decompress(copy(stored), 0, stored.remaining(), rawLength);
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy;
  }
}
