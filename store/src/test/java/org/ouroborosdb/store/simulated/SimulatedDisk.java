package org.ouroborosdb.store.simulated;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;

/**
 * A disk in memory that keeps apart what was forced and what was not, and fails when told to.
 * Thread-safe.
 *
 * <p>A force of a file keeps its sectors and its length, not its directory entry: that takes a
 * force of the directory. A force that fails is worst: the sectors it should have written are seen
 * by reads, and no later force writes them unless they are written again, as on Linux.
 */
public final class SimulatedDisk implements Disk {
  private final TreeMap<String, Inode> seen = new TreeMap<>();
  private final Map<String, Inode> kept = new TreeMap<>();
  private final List<Change> unforced = new ArrayList<>();
  private final Faults faults = new Faults();
  private boolean off;
  private int openFiles;

  /** Returns the plan of what fails when. */
  public Faults faults() {
    return faults;
  }

  /** Returns how many files were opened and not closed. */
  public synchronized int openFiles() {
    return openFiles;
  }

  /** Returns whether the power is off: every call fails from then on. */
  public synchronized boolean isOff() {
    return off;
  }

  /** Turns the power off. */
  public synchronized void turnOff() {
    off = true;
  }

  /** Returns the disk after a restart; this one stays off. */
  public synchronized SimulatedDisk restarted(Loss loss, Random random) {
    off = true;
    SimulatedDisk next = new SimulatedDisk();
    if (loss == Loss.NONE) {
      next.seen.putAll(seen);
      next.kept.putAll(kept);
      next.unforced.addAll(unforced);
      return next;
    }
    new PowerCut(kept, unforced, random).lose(loss);
    kept.values().forEach(Inode::restart);
    next.seen.putAll(kept);
    next.kept.putAll(kept);
    return next;
  }

  @Override
  public synchronized DiskFile open(String name, boolean create) throws IOException {
    requireOn();
    Inode inode = seen.get(name);
    if (inode == null) {
      if (!create) {
        throw new FileNotFoundException(name);
      }
      Inode made = new Inode();
      inode = made;
      change(() -> enter(new Change.Entry(null, name, made)));
    }
    openFiles++;
    return new SimulatedFile(inode);
  }

  @Override
  public synchronized boolean exists(String name) throws IOException {
    requireOn();
    return seen.containsKey(name);
  }

  @Override
  public synchronized List<String> list() throws IOException {
    requireOn();
    return List.copyOf(seen.keySet());
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    requireOn();
    Inode inode = seen.get(name);
    if (inode != null) {
      change(() -> enter(new Change.Entry(name, null, inode)));
    }
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    requireOn();
    Inode inode = seen.get(from);
    if (inode == null) {
      throw new FileNotFoundException(from);
    }
    change(() -> enter(new Change.Entry(from, to, inode)));
  }

  private void enter(Change.Entry entry) {
    apply(entry, seen);
    unforced.add(entry);
  }

  static void apply(Change.Entry entry, Map<String, Inode> directory) {
    if (entry.from() != null) {
      directory.remove(entry.from());
    }
    if (entry.to() != null) {
      directory.put(entry.to(), entry.inode());
    }
  }

  @Override
  public synchronized void forceDirectory() throws IOException {
    requireOn();
    change(
        () -> {
          kept.clear();
          kept.putAll(seen);
          unforced.removeIf(Change.Entry.class::isInstance);
        });
  }

  @Override
  public synchronized long usableBytes() throws IOException {
    requireOn();
    return faults.capacity() - usedBytes();
  }

  private long usedBytes() {
    return seen.values().stream().mapToLong(Inode::length).sum();
  }

  /** Returns the bytes of all files. */
  public synchronized long bytes() {
    return usedBytes();
  }

  @Override
  public Optional<Path> path() {
    return Optional.of(Path.of(System.getProperty("java.io.tmpdir")));
  }

  @Override
  public void close() {}

  /** Replaces or makes a file that is forced at once: for tests that damage bytes. */
  public synchronized void put(String name, byte[] bytes) {
    Inode inode = new Inode();
    List<Change> changes = new ArrayList<>();
    inode.write(ByteBuffer.wrap(bytes), 0, changes);
    changes.forEach(change -> inode.keep((Change.Sector) change));
    inode.keepLength(bytes.length);
    seen.put(name, inode);
    kept.put(name, inode);
  }

  /** Removes a file for good. */
  public synchronized void remove(String name) {
    seen.remove(name);
    kept.remove(name);
  }

  /** Returns a file's bytes as programs see them. */
  public synchronized byte[] get(String name) {
    Inode inode = Objects.requireNonNull(seen.get(name), name);
    byte[] bytes = new byte[(int) inode.length()];
    inode.read(ByteBuffer.wrap(bytes), 0);
    return bytes;
  }

  /** Returns the names of all files, whatever the power. */
  public synchronized List<String> names() {
    return List.copyOf(seen.keySet());
  }

  private void requireOn() throws IOException {
    if (off) {
      throw new IOException("the power is off");
    }
  }

  /** Makes a change unless it is its turn to fail, or to be the last. */
  private void change(Runnable change) throws IOException {
    faults.beforeChange();
    if (faults.isLastChange()) {
      change.run();
      off = true;
    }
    requireOn();
    change.run();
  }

  private void force(Inode inode) {
    long length = inode.keptLength();
    for (Change change : unforced) {
      if (change instanceof Change.Sector sector && sector.inode() == inode) {
        if (!inode.abandoned.contains(sector.number())) {
          inode.keep(sector);
        }
        length = sector.length();
      } else if (change instanceof Change.Cut cut && cut.inode() == inode) {
        inode.keep(cut);
        length = cut.length();
      }
    }
    inode.keepLength(length);
    unforced.removeIf(change -> isDataOf(change, inode));
  }

  private static boolean isDataOf(Change change, Inode inode) {
    return (change instanceof Change.Sector sector && sector.inode() == inode)
        || (change instanceof Change.Cut cut && cut.inode() == inode);
  }

  /** Leaves every sector that waits to be forced to its fate. */
  private void abandon(Inode inode) {
    for (Change change : unforced) {
      if (change instanceof Change.Sector sector && sector.inode() == inode) {
        inode.abandoned.add(sector.number());
      }
    }
  }

  private final class SimulatedFile implements DiskFile {
    private final Inode inode;
    private boolean closed;

    SimulatedFile(Inode inode) {
      this.inode = inode;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOn();
        faults.beforeRead();
        return inode.read(target, position);
      }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOn();
        try {
          faults.beforeChange();
          faults.requireRoom(
              usedBytes(), Math.max(0, position + source.remaining() - inode.length()));
        } catch (IOException e) {
          write(source.slice().limit(faults.halfOf(source.remaining())), position, inode);
          throw e;
        }
        boolean last = faults.isLastChange();
        write(source, position, inode);
        off |= last;
        requireOn();
      }
    }

    private void write(ByteBuffer source, long position, Inode to) {
      long end = position + source.remaining();
      for (long at = position; at < end; at += Inode.SECTOR_BYTES) {
        to.abandoned.remove((int) (at / Inode.SECTOR_BYTES));
      }
      if (end > position) {
        to.abandoned.remove((int) ((end - 1) / Inode.SECTOR_BYTES));
      }
      to.write(source, position, unforced);
    }

    @Override
    public void force() throws IOException {
      long nanos = faults.forceNanos();
      if (nanos > 0) {
        LockSupport.parkNanos(nanos);
      }
      synchronized (SimulatedDisk.this) {
        requireOn();
        try {
          faults.beforeChange();
        } catch (IOException e) {
          abandon(inode);
          throw e;
        }
        off |= faults.isLastChange();
        requireOn();
        SimulatedDisk.this.force(inode);
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOn();
        return inode.length();
      }
    }

    @Override
    public void truncate(long length) throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOn();
        change(() -> inode.cut(length, unforced));
      }
    }

    @Override
    public void close() {
      synchronized (SimulatedDisk.this) {
        openFiles -= closed ? 0 : 1;
        closed = true;
      }
    }
  }
}
