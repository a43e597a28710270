package org.ouroborosdb.store.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;

/** A disk that says how much room it has left as a test tells it. */
final class DiskOfSize implements Disk {
  private final Disk disk;
  private final LongSupplier usable;

  DiskOfSize(Disk disk, LongSupplier usable) {
    this.disk = disk;
    this.usable = usable;
  }

  @Override
  public DiskFile open(String name, boolean create) throws IOException {
    return disk.open(name, create);
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
    disk.delete(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void forceDirectory() throws IOException {
    disk.forceDirectory();
  }

  @Override
  public long usableBytes() {
    return usable.getAsLong();
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
