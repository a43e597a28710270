package org.ouroborosdb.store.segment;

import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.WriterId;

/**
 * How a log behaves.
 *
 * @param storeId the store whose segments these are, written into each
 * @param segmentBytes the length at which a segment is sealed
 * @param durability when commits are forced
 * @param minFreeBytes the free space below which nothing is appended
 * @param readOnly whether nothing may be written, not even a torn tail cut off
 */
public record LogOptions(
    WriterId storeId,
    int segmentBytes,
    Durability durability,
    long minFreeBytes,
    boolean readOnly) {}
