package org.ouroborosdb.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory of the file system. */
public final class RealDisk implements Disk {
  /** What one call moves: the channel copies it through a native buffer that a thread keeps. */
  private static final int MOST_IN_A_CALL = 128 << 10;

  private final Path directory;

  /** Uses a directory that exists. */
  public RealDisk(Path directory) {
    this.directory = directory;
  }

  @Override
  public DiskFile open(String name, boolean create) throws IOException {
    Path file = directory.resolve(name);
    return new RealFile(file, create, create || Files.isWritable(file));
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(directory.resolve(name));
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> Objects.toString(file.getFileName())).sorted().toList();
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        directory.resolve(from),
        directory.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void forceDirectory() throws IOException {
    if (!System.getProperty("os.name", "").startsWith("Windows")) {
      Uninterrupted.run(
          () -> {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
              channel.force(true);
              return true;
            }
          });
    }
  }

  @Override
  public long usableBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  @Override
  public Optional<Path> path() {
    return Optional.of(directory);
  }

  @Override
  public void close() {}

  /**
   * A file behind a channel. An interrupt of the calling thread closes a channel under everybody;
   * it is then opened again, by the name it was opened by, and the call repeated, with the
   * interrupt kept for its owner.
   */
  private static final class RealFile implements DiskFile {
    private static final Set<StandardOpenOption> READ_WRITE =
        Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final Set<StandardOpenOption> CREATE =
        Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);

    private final Path file;
    private final Set<StandardOpenOption> options; // to open it again, which creates nothing
    private final @Nullable Object key; // of the file itself, whatever its name; null on Windows
    private volatile FileChannel channel;
    private volatile boolean closed;

    RealFile(Path file, boolean create, boolean writable) throws IOException {
      this.file = file;
      this.options = writable ? READ_WRITE : Set.of(StandardOpenOption.READ);
      this.channel = FileChannel.open(file, create ? CREATE : options);
      this.key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private interface Call {
      int on(FileChannel channel) throws IOException;
    }

    private int repeat(Call call) throws IOException {
      boolean interrupted = false;
      try {
        while (true) {
          FileChannel at = channel;
          try {
            return call.on(at);
          } catch (ClosedByInterruptException e) {
            interrupted |= Thread.interrupted();
            reopen(at);
          } catch (java.nio.channels.ClosedChannelException e) {
            reopen(at);
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private synchronized void reopen(FileChannel broken) throws IOException {
      if (closed) {
        throw new java.nio.channels.ClosedChannelException();
      }
      if (channel == broken) {
        FileChannel again = FileChannel.open(file, options);
        if (!Objects.equals(key, Files.readAttributes(file, BasicFileAttributes.class).fileKey())) {
          again.close();
          throw new IOException(file.getFileName() + " was replaced by another file");
        }
        channel = again;
      }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      int start = target.position();
      int limit = target.limit();
      target.limit(end(target));
      try {
        return repeat(at -> at.read(target.position(start), position));
      } finally {
        target.limit(limit);
      }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      int start = source.position();
      int limit = source.limit();
      try {
        repeat(
            at -> {
              source.position(start);
              while (source.position() < limit) {
                source.limit(limit).limit(end(source));
                at.write(source, position + source.position() - start);
              }
              return 0;
            });
      } finally {
        source.limit(limit);
      }
    }

    /** Returns where a call stops: a direct buffer needs no other, and goes in one. */
    private static int end(ByteBuffer buffer) {
      return buffer.isDirect()
          ? buffer.limit()
          : Math.min(buffer.limit(), buffer.position() + MOST_IN_A_CALL);
    }

    @Override
    public void force() throws IOException {
      repeat(
          at -> {
            at.force(false);
            return 0;
          });
    }

    @Override
    public long size() throws IOException {
      long[] size = new long[1];
      repeat(
          at -> {
            size[0] = at.size();
            return 0;
          });
      return size[0];
    }

    @Override
    public void truncate(long length) throws IOException {
      repeat(
          at -> {
            at.truncate(length);
            return 0;
          });
    }

    @Override
    public synchronized void close() throws IOException {
      closed = true;
      channel.close();
    }
  }
}
