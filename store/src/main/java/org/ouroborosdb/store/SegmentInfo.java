package org.ouroborosdb.store;

/**
 * A segment file of the log.
 *
 * @param number its number; greater ones are younger
 * @param file the name of its file in the directory of segments
 * @param bytes its length
 * @param sealed whether nothing is appended to it any more
 */
public record SegmentInfo(int number, String file, long bytes, boolean sealed) {}
