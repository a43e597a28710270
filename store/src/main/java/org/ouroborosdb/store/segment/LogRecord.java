package org.ouroborosdb.store.segment;

import java.nio.ByteBuffer;

/**
 * A record as it was read from the log, its checksum checked.
 *
 * @param position where it starts
 * @param kind its kind
 * @param codec the codec of the stored form of chunks; 0 for others
 * @param rawLength the plain length of a chunk, or of a group's chunks, in bytes; the payload's for
 *     others
 * @param name the 64-byte name; empty where the kind has none
 * @param payload the payload, from position to limit
 */
public record LogRecord(
    Position position,
    RecordKind kind,
    byte codec,
    int rawLength,
    ByteBuffer name,
    ByteBuffer payload) {}
