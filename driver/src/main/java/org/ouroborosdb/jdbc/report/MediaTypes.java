package org.ouroborosdb.jdbc.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bytes and number of contents by media type; types beyond the first many are one. */
final class MediaTypes {
  private static final int MOST_TYPES = 1_000;
  private static final int MOST_CHARS = 100;
  static final String NONE = "(none)";
  static final String OTHER = "(other)";

  private final Map<String, long[]> types = new HashMap<>();

  /** A media type, how many contents have it, and their bytes. */
  record MediaType(String name, long count, long bytes) {}

  void add(@Nullable String type, long bytes) {
    String name = type == null ? NONE : type.substring(0, Math.min(type.length(), MOST_CHARS));
    if (!types.containsKey(name) && types.size() >= MOST_TYPES) {
      name = OTHER;
    }
    long[] sums = types.computeIfAbsent(name, absent -> new long[2]);
    sums[0]++;
    sums[1] += bytes;
  }

  /** Returns the types with the most bytes, and the rest as one. */
  List<MediaType> greatest(int most) {
    List<MediaType> all = new ArrayList<>();
    types.forEach((name, sums) -> all.add(new MediaType(name, sums[0], sums[1])));
    all.sort(Comparator.comparingLong(MediaType::bytes).reversed().thenComparing(MediaType::name));
    if (all.size() <= most) {
      return all;
    }
    List<MediaType> rest = all.subList(most, all.size());
    List<MediaType> shown = new ArrayList<>(all.subList(0, most));
    shown.add(
        new MediaType(
            rest.size() + " more",
            rest.stream().mapToLong(MediaType::count).sum(),
            rest.stream().mapToLong(MediaType::bytes).sum()));
    return shown;
  }
}
