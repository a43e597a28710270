package org.ouroborosdb.store.simulated;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A file: as programs see it, as the platter has it, and the changes between the two. */
final class Inode {
  static final int SECTOR_BYTES = 512;

  private final List<byte[]> seen = new ArrayList<>();
  private long seenLength;
  private final List<byte[]> kept = new ArrayList<>();
  private long keptLength;

  /** Sectors that a failed force left on no list: seen, and never written by a later force. */
  final Set<Integer> abandoned = new HashSet<>();

  long length() {
    return seenLength;
  }

  int read(ByteBuffer target, long position) {
    if (position >= seenLength) {
      return -1;
    }
    int read = 0;
    while (target.hasRemaining() && position + read < seenLength) {
      long at = position + read;
      int offset = (int) (at % SECTOR_BYTES);
      int rest = Math.min(SECTOR_BYTES - offset, target.remaining());
      int n = (int) Math.min(seenLength - at, rest);
      target.put(sector(seen, (int) (at / SECTOR_BYTES)), offset, n);
      read += n;
    }
    return read;
  }

  /** Writes what programs see, and adds a change for each sector. */
  void write(ByteBuffer source, long position, List<Change> changes) {
    long at = position;
    while (source.hasRemaining()) {
      int number = (int) (at / SECTOR_BYTES);
      int offset = (int) (at % SECTOR_BYTES);
      int n = Math.min(SECTOR_BYTES - offset, source.remaining());
      byte[] bytes = sector(seen, number).clone();
      source.get(bytes, offset, n);
      seen.set(number, bytes);
      at += n;
      seenLength = Math.max(seenLength, at);
      changes.add(new Change.Sector(this, number, bytes, seenLength));
    }
  }

  void cut(long length, List<Change> changes) {
    if (length < seenLength) {
      cut(seen, length);
      seenLength = length;
      changes.add(new Change.Cut(this, length));
    }
  }

  /** Takes a change to the platter. */
  void keep(Change.Sector change) {
    sector(kept, change.number());
    kept.set(change.number(), change.bytes());
  }

  void keep(Change.Cut change) {
    cut(kept, change.length());
    keptLength = Math.min(keptLength, change.length());
  }

  void keepLength(long length) {
    keptLength = length;
  }

  long keptLength() {
    return keptLength;
  }

  /** Makes programs see what the platter has. */
  void restart() {
    cut(kept, keptLength);
    seen.clear();
    kept.forEach(sector -> seen.add(sector.clone()));
    seenLength = keptLength;
    abandoned.clear();
  }

  private static byte[] sector(List<byte[]> sectors, int number) {
    while (sectors.size() <= number) {
      sectors.add(new byte[SECTOR_BYTES]);
    }
    return sectors.get(number);
  }

  private static void cut(List<byte[]> sectors, long length) {
    int whole = (int) (length / SECTOR_BYTES);
    int rest = (int) (length % SECTOR_BYTES);
    if (whole >= sectors.size()) {
      return;
    }
    if (rest > 0) {
      byte[] bytes = new byte[SECTOR_BYTES];
      System.arraycopy(sectors.get(whole), 0, bytes, 0, rest);
      sectors.set(whole, bytes);
      whole++;
    }
    sectors.subList(whole, sectors.size()).clear();
  }
}
