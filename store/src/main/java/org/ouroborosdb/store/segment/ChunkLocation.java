package org.ouroborosdb.store.segment;

/**
 * Where and how a chunk is stored. Immutable.
 *
 * @param position the start of its record
 * @param rawLength its plain length in bytes
 * @param storedLength the length of its stored form in bytes; in a group, its share of the group's
 * @param codec the codec of its stored form, 0 to 127
 * @param grouped whether the record is a CHUNK_GROUP
 */
public record ChunkLocation(
    Position position, int rawLength, int storedLength, byte codec, boolean grouped) {
  private static final int GROUPED = 0x80;

  /** Returns the location of which {@link #flags} gave the last part. */
  public static ChunkLocation ofFlags(
      Position position, int rawLength, int storedLength, byte flags) {
    return new ChunkLocation(
        position, rawLength, storedLength, (byte) (flags & ~GROUPED), (flags & GROUPED) != 0);
  }

  /** Returns the codec, with the highest bit set for a chunk in a group. */
  public byte flags() {
    return (byte) (grouped ? codec | GROUPED : codec);
  }

  /** Returns the kind of the record. */
  public RecordKind kind() {
    return grouped ? RecordKind.CHUNK_GROUP : RecordKind.CHUNK;
  }
}
