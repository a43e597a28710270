package org.ouroborosdb.store.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;

/** A disk whose changing calls fail from one on, for some number of calls. */
final class FailingDisk implements Disk {
  private final Disk disk;
  private final Plan plan;

  /** When calls fail, shared by all the disks of a store. */
  static final class Plan {
    private final String message;
    private final AtomicInteger callsUntilFailure = new AtomicInteger(Integer.MAX_VALUE);
    private volatile int failures;

    /** Fails with a message as the operating system words it. */
    Plan(String message) {
      this.message = message;
    }

    void failAfter(int calls, int count) {
      failures = count;
      callsUntilFailure.set(calls);
    }

    private void changing() throws IOException {
      int left = callsUntilFailure.getAndDecrement();
      if (left <= 0 && left > -failures) {
        throw new IOException(message);
      }
    }
  }

  FailingDisk(Disk disk, Plan plan) {
    this.disk = disk;
    this.plan = plan;
  }

  @Override
  public DiskFile open(String name, boolean create) throws IOException {
    if (create && !disk.exists(name)) {
      plan.changing();
    }
    DiskFile file = disk.open(name, create);
    return new DiskFile() {
      @Override
      public int read(ByteBuffer target, long position) throws IOException {
        return file.read(target, position);
      }

      @Override
      public void write(ByteBuffer source, long position) throws IOException {
        try {
          plan.changing();
        } catch (IOException e) {
          int half = source.remaining() / 2;
          file.write(source.slice().limit(half), position); // what a full disk still took
          throw e;
        }
        file.write(source, position);
      }

      @Override
      public void force() throws IOException {
        plan.changing();
        file.force();
      }

      @Override
      public long size() throws IOException {
        return file.size();
      }

      @Override
      public void truncate(long length) throws IOException {
        plan.changing();
        file.truncate(length);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  @Override
  public boolean exists(String name) throws IOException {
    return disk.exists(name);
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public void delete(String name) throws IOException {
    plan.changing();
    disk.delete(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    plan.changing();
    disk.rename(from, to);
  }

  @Override
  public void forceDirectory() throws IOException {
    plan.changing();
    disk.forceDirectory();
  }

  @Override
  public long usableBytes() throws IOException {
    return disk.usableBytes();
  }

  @Override
  public Optional<Path> path() {
    return disk.path();
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }
}
