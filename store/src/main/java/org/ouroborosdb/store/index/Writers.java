package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.h2.mvstore.MVMap;
import org.ouroborosdb.store.WriterId;

/** The numbers by which rows name writers. One thread adds, any may look up. */
final class Writers {
  private final MVMap<Long, byte[]> map;
  private final CopyOnWriteArrayList<WriterId> writers = new CopyOnWriteArrayList<>();
  private final Map<WriterId, Integer> numbers = new HashMap<>();

  Writers(MVMap<Long, byte[]> map) {
    this.map = map;
    for (long i = 0; i < map.sizeAsLong(); i++) {
      ByteBuffer bytes = ByteBuffer.wrap(map.get(i));
      add(new WriterId(bytes.getLong(), bytes.getLong()));
    }
  }

  /** Returns the number of a writer, which gets one if it has none. */
  int number(WriterId writer) {
    Integer number = numbers.get(writer);
    if (number == null) {
      number = add(writer);
      ByteBuffer bytes = ByteBuffer.allocate(WriterId.BYTES);
      bytes.putLong(writer.high()).putLong(writer.low());
      map.put((long) number, bytes.array());
    }
    return number;
  }

  private int add(WriterId writer) {
    writers.add(writer);
    numbers.put(writer, writers.size() - 1);
    return writers.size() - 1;
  }

  /**
   * Returns the writer with a number.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  WriterId get(int number) {
    return writers.get(number);
  }
}
