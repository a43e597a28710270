package org.ouroborosdb.store.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A disk whose changes stay in memory: what lies under it is read and never written.
 *
 * <p>A file is seen with the length that it has when it is first opened here; what its owner
 * appends later is out of sight, and a rename over it changes nothing.
 */
public final class CopyOnWriteDisk implements Disk {
  private final Disk base;
  private final Map<String, View> views = new HashMap<>();
  private final Set<String> gone = new HashSet<>();

  /** Covers a disk, which {@link #close} closes. */
  public CopyOnWriteDisk(Disk base) {
    this.base = base;
  }

  @Override
  public synchronized DiskFile open(String name, boolean create) throws IOException {
    View view = views.get(name);
    if (view == null && !gone.contains(name) && base.exists(name)) {
      view = new View(base.open(name, false));
      views.put(name, view);
    }
    if (view == null && create) {
      view = new View();
      views.put(name, view);
      gone.remove(name);
    }
    if (view == null) {
      throw new FileNotFoundException(name);
    }
    return view;
  }

  @Override
  public synchronized boolean exists(String name) throws IOException {
    return views.containsKey(name) || (!gone.contains(name) && base.exists(name));
  }

  @Override
  public synchronized List<String> list() throws IOException {
    Set<String> names = new TreeSet<>(base.list());
    names.removeAll(gone);
    names.addAll(views.keySet());
    return List.copyOf(names);
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    View view = views.remove(name);
    gone.add(name);
    if (view != null) {
      view.release();
    }
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    open(from, false);
    View view = Objects.requireNonNull(views.remove(from));
    gone.add(from);
    View replaced = views.put(to, view);
    if (replaced != null) {
      replaced.release();
    }
  }

  @Override
  public void forceDirectory() {}

  @Override
  public long usableBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public Optional<Path> path() {
    return base.path();
  }

  @Override
  public synchronized void close() throws IOException {
    try (base) {
      for (View view : views.values()) {
        view.release();
      }
      views.clear();
    }
  }

  /** A file: pages that were written here, over the bytes that were there before. */
  private static final class View implements DiskFile {
    private static final int PAGE_BYTES = 64 << 10;

    private final java.io.@org.jspecify.annotations.Nullable Closeable owned;
    private final DiskFile under;
    private final Map<Long, byte[]> pages = new ConcurrentHashMap<>();
    private volatile long underBytes;
    private volatile long size;

    View() throws IOException {
      owned = null;
      under = new MemoryDisk().open("", true);
    }

    View(DiskFile under) throws IOException {
      this.owned = under;
      this.under = under;
      this.underBytes = under.size();
      this.size = underBytes;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      long end = size;
      if (position >= end) {
        return -1;
      }
      int start = target.position();
      while (target.hasRemaining() && position + target.position() - start < end) {
        long at = position + target.position() - start;
        int offset = (int) (at % PAGE_BYTES);
        int most = (int) Math.min(end - at, Math.min(PAGE_BYTES - offset, target.remaining()));
        byte[] page = pages.get(at / PAGE_BYTES);
        if (page == null) {
          readUnder(target, at, most);
        } else {
          target.put(page, offset, most);
        }
      }
      return target.position() - start;
    }

    /** Reads bytes of the file below; zeros where it had none. */
    private void readUnder(ByteBuffer target, long at, int count) throws IOException {
      int there = (int) Math.max(0, Math.min(count, underBytes - at));
      int limit = target.limit();
      under.readFully(target.limit(target.position() + there), at);
      target.limit(limit);
      for (int i = there; i < count; i++) {
        target.put((byte) 0);
      }
    }

    @Override
    public synchronized void write(ByteBuffer source, long position) throws IOException {
      long at = position;
      while (source.hasRemaining()) {
        int offset = (int) (at % PAGE_BYTES);
        int count = Math.min(PAGE_BYTES - offset, source.remaining());
        source.get(page(at / PAGE_BYTES), offset, count);
        at += count;
      }
      size = Math.max(size, at);
    }

    private byte[] page(long number) throws IOException {
      byte[] page = pages.get(number);
      if (page == null) {
        page = new byte[PAGE_BYTES];
        readUnder(ByteBuffer.wrap(page), number * PAGE_BYTES, PAGE_BYTES);
        pages.put(number, page);
      }
      return page;
    }

    @Override
    public void force() {}

    @Override
    public long size() {
      return size;
    }

    @Override
    public synchronized void truncate(long length) throws IOException {
      if (length >= size) {
        return;
      }
      size = length;
      underBytes = Math.min(underBytes, length);
      pages.keySet().removeIf(number -> number * PAGE_BYTES >= length);
      byte[] last = pages.get(length / PAGE_BYTES);
      if (last != null) {
        java.util.Arrays.fill(last, (int) (length % PAGE_BYTES), PAGE_BYTES, (byte) 0);
      }
    }

    @Override
    public void close() {}

    void release() throws IOException {
      if (owned != null) {
        owned.close();
      }
    }
  }
}
