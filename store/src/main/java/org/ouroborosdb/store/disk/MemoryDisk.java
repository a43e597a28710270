package org.ouroborosdb.store.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A directory in memory, which ends with its last reference. */
public final class MemoryDisk implements Disk {
  private static final int BLOCK_BYTES = 64 << 10;

  private final ConcurrentSkipListMap<String, MemoryFile> files = new ConcurrentSkipListMap<>();

  @Override
  public DiskFile open(String name, boolean create) throws IOException {
    MemoryFile file = create ? files.computeIfAbsent(name, n -> new MemoryFile()) : files.get(name);
    if (file == null) {
      throw new FileNotFoundException(name);
    }
    return file;
  }

  @Override
  public boolean exists(String name) {
    return files.containsKey(name);
  }

  @Override
  public List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    MemoryFile file = files.remove(from);
    if (file == null) {
      throw new FileNotFoundException(from);
    }
    files.put(to, file);
  }

  @Override
  public void forceDirectory() {}

  @Override
  public long usableBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public Optional<java.nio.file.Path> path() {
    return Optional.empty();
  }

  @Override
  public void close() {
    files.clear();
  }

  private static final class MemoryFile implements DiskFile {
    private final List<byte[]> blocks = new ArrayList<>();
    private long size;

    @Override
    public synchronized int read(ByteBuffer target, long position) {
      if (position >= size) {
        return -1;
      }
      int read = 0;
      while (target.hasRemaining() && position + read < size) {
        long at = position + read;
        int offset = (int) (at % BLOCK_BYTES);
        int n = (int) Math.min(size - at, Math.min(BLOCK_BYTES - offset, target.remaining()));
        target.put(blocks.get((int) (at / BLOCK_BYTES)), offset, n);
        read += n;
      }
      return read;
    }

    @Override
    public synchronized void write(ByteBuffer source, long position) {
      long at = position;
      while (source.hasRemaining()) {
        while (blocks.size() <= at / BLOCK_BYTES) {
          blocks.add(new byte[BLOCK_BYTES]);
        }
        int offset = (int) (at % BLOCK_BYTES);
        int n = Math.min(BLOCK_BYTES - offset, source.remaining());
        source.get(blocks.get((int) (at / BLOCK_BYTES)), offset, n);
        at += n;
      }
      size = Math.max(size, at);
    }

    @Override
    public void force() {}

    @Override
    public synchronized long size() {
      return size;
    }

    @Override
    public synchronized void truncate(long length) {
      size = Math.min(size, length);
    }

    @Override
    public void close() {}
  }
}
