package org.ouroborosdb.store;

/**
 * A segment file of the log.
 *
 * @param number its place in the log, from 1; greater ones are younger
 * @param generation how often it was written anew without what was removed
 * @param file the name of its file in the directory of segments
 * @param bytes its length
 * @param sealed whether nothing is appended to it any more
 */
public record SegmentInfo(int number, int generation, String file, long bytes, boolean sealed) {}
