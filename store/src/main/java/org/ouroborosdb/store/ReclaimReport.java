package org.ouroborosdb.store;

/**
 * What was freed.
 *
 * @param segments the segments that were rewritten
 * @param freedBytes by how much they are shorter
 * @param waitingFiles the replaced files that are still there, for somebody may read them
 */
public record ReclaimReport(int segments, long freedBytes, int waitingFiles) {}
