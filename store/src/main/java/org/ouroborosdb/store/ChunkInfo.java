package org.ouroborosdb.store;

/**
 * Where and how a chunk is stored.
 *
 * @param id the chunk's name
 * @param length the plain length in bytes
 * @param storedLength the length of its stored form in bytes
 * @param codec the name of the codec of the stored form: {@code none} or {@code zstd}
 * @param segment the number of its segment
 * @param segmentOffset the offset of its record in the segment, in bytes
 */
public record ChunkInfo(
    ChunkId id, int length, int storedLength, String codec, int segment, long segmentOffset) {}
