package org.ouroborosdb.store.segment;

/**
 * Where and how a chunk is stored. Immutable.
 *
 * @param position the start of its record
 * @param rawLength its plain length in bytes
 * @param storedLength the length of its stored form in bytes
 * @param codec the codec of its stored form
 */
public record ChunkLocation(Position position, int rawLength, int storedLength, byte codec) {}
