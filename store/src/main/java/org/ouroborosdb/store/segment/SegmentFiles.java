package org.ouroborosdb.store.segment;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.disk.Disk;

/**
 * The segments of a log in their places, and those that a rewrite has replaced, which stay readable
 * until they are deleted. Thread-safe.
 */
final class SegmentFiles implements Closeable {
  private final ConcurrentSkipListMap<Integer, Segment> places = new ConcurrentSkipListMap<>();
  private final ConcurrentHashMap<Integer, Segment> others = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Integer> obsolete = new ConcurrentHashMap<>();
  private volatile boolean replacedSinceOpen;

  /**
   * Returns which segment a log has in each place.
   *
   * @param numbers the numbers of all segments there are
   * @param generations which one an index stands for, where that is not the first; null if none
   *     tells, and the youngest counts
   */
  static NavigableMap<Integer, Integer> choose(
      Collection<Integer> numbers, @Nullable Map<Integer, Integer> generations) {
    NavigableMap<Integer, Integer> chosen = new TreeMap<>();
    for (int number : numbers) {
      int place = Position.placeOf(number);
      boolean wanted =
          generations == null
              || Position.generationOf(number) == generations.getOrDefault(place, 0);
      if (wanted) {
        chosen.merge(place, number, Math::max);
      }
    }
    return chosen;
  }

  /** Returns the numbers of all segments on a disk. */
  static List<Integer> numbers(Disk disk) throws IOException {
    return disk.list().stream().map(Segment::number).filter(number -> number > 0).toList();
  }

  void add(Segment segment) {
    places.put(segment.place(), segment);
  }

  /** Makes a segment readable by its number that is in no place yet. */
  void addOther(Segment segment) {
    others.put(segment.number, segment);
  }

  Segment last() {
    return places.lastEntry().getValue();
  }

  @Nullable Segment at(int place) {
    return places.get(place);
  }

  @Nullable Segment ofNumber(int number) {
    Segment segment = places.get(Position.placeOf(number));
    return segment != null && segment.number == number ? segment : others.get(number);
  }

  /** Returns the segments in the order of their places, as they are now. */
  List<Segment> all() {
    return new ArrayList<>(places.values());
  }

  int count() {
    return places.size();
  }

  /** Puts a rewritten segment in its place. */
  void replace(Segment by) {
    replacedSinceOpen = true;
    Segment old = Objects.requireNonNull(places.put(by.place(), by));
    others.remove(by.number);
    others.put(old.number, old);
    obsolete(Segment.name(old.number), old.number);
  }

  /** Remembers a file that is to be deleted. */
  void obsolete(String name, int number) {
    obsolete.put(name, number);
  }

  /** Returns the places whose segment is not the first one. */
  Map<Integer, Integer> generations() {
    Map<Integer, Integer> generations = new HashMap<>();
    for (Segment segment : places.values()) {
      if (Position.generationOf(segment.number) > 0) {
        generations.put(segment.place(), Position.generationOf(segment.number));
      }
    }
    return generations;
  }

  int replacedCount() {
    return (int) obsolete.values().stream().filter(number -> number > 0).count();
  }

  boolean anyReplacedSinceOpen() {
    return replacedSinceOpen;
  }

  /** Deletes files that were replaced, or those that were not finished. */
  void deleteObsolete(Disk disk, boolean replaced) throws IOException {
    for (Map.Entry<String, Integer> each : obsolete.entrySet()) {
      if ((each.getValue() > 0) != replaced) {
        continue;
      }
      disk.delete(each.getKey());
      obsolete.remove(each.getKey());
      Segment segment = others.remove(each.getValue());
      if (segment != null) {
        segment.file.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    List<Segment> open = all();
    open.addAll(others.values());
    Segment.closeAll(open);
  }
}
