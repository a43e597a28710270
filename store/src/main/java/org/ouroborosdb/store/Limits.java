package org.ouroborosdb.store;

/** The limits on everything that comes from outside, checked before anything is allocated. */
public final class Limits {
  /** The least length of a chunk that is not the last of its content: 16 KiB. */
  public static final int MIN_CHUNK_BYTES = 16 << 10;

  /** The length that chunk boundaries aim at: 64 KiB. */
  public static final int AVERAGE_CHUNK_BYTES = 64 << 10;

  /** The greatest plain length of a chunk: 256 KiB. */
  public static final int MAX_CHUNK_BYTES = 256 << 10;

  /** The greatest plain length of the chunks of one group: 1 MiB. */
  public static final int MAX_GROUP_BYTES = 1 << 20;

  /** The most chunks of one group. */
  public static final int MAX_CHUNKS_PER_GROUP = 1024;

  /** The greatest length of a title in UTF-8: 64 KiB. */
  public static final int MAX_TITLE_BYTES = 64 << 10;

  /** The greatest length of a media type in UTF-8: RFC 6838 allows 127 a side and the slash. */
  public static final int MAX_MEDIA_TYPE_BYTES = 255;

  /** The greatest total length of an event's tags in UTF-8: 128 KiB. */
  public static final int MAX_TAGS_BYTES = 128 << 10;

  /** The greatest length of an event's metadata in UTF-8: 16 MiB. */
  public static final int MAX_METADATA_BYTES = 16 << 20;

  /** The most events that one event may merge. */
  public static final int MAX_MERGES = 1024;

  /** The most chunks of one content: 2^20, so about 64 GiB on average and 16 GiB at least. */
  public static final int MAX_CHUNKS_PER_CONTENT = 1 << 20;

  /**
   * The greatest length of an event's record: 68 bytes a chunk of the longest content, its longest
   * metadata, and 1 MiB for title, tags and merges.
   */
  public static final int MAX_EVENT_RECORD_BYTES = 80 << 20;

  /** The greatest depth of an event below its root. */
  public static final int MAX_DEPTH = 1 << 20;

  /**
   * The most PATCHes one on the other: each that is read holds some 768 KiB, and reading through
   * all of them takes as many times the work of one.
   */
  public static final int MAX_PATCHES = 8;

  /**
   * The most tombstones that a store holds before it takes no more from others: they take about 4
   * GB, and one of an event that never comes stays for ever.
   */
  public static final long MAX_TOMBSTONES = 1L << 24;

  private Limits() {}
}
