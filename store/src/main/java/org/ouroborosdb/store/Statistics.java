package org.ouroborosdb.store;

/**
 * Sizes of a store at one moment.
 *
 * @param events the events visible
 * @param roots the roots among them
 * @param chunks the distinct chunks stored
 * @param logicalBytes the bytes of all content and metadata, as often as events refer to them
 * @param uniqueBytes the plain bytes of the distinct chunks
 * @param storedBytes the bytes of the distinct chunks as stored
 * @param segments the number of segment files
 * @param segmentBytes the bytes of the segment files
 * @param indexBytes the bytes of the index file
 */
public record Statistics(
    long events,
    long roots,
    long chunks,
    long logicalBytes,
    long uniqueBytes,
    long storedBytes,
    int segments,
    long segmentBytes,
    long indexBytes) {}
