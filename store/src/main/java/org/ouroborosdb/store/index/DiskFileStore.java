package org.ouroborosdb.store.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipOutputStream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RandomAccessStore;
import org.h2.mvstore.SFChunk;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.disk.Disk;

/**
 * MVStore's file on a {@link Disk}, with a checksum for each block.
 *
 * <p>A write that fails would close MVStore, and every snapshot with it. So the index in use goes
 * on in memory with what its file does not take, and {@link #sync} says so.
 */
final class DiskFileStore extends RandomAccessStore {
  private static final int MOST_CACHE_PARTS = 16;

  private final ChecksummedFile file;
  private volatile boolean serving;
  private final Map<Long, byte[]> blocksInMemory = new ConcurrentHashMap<>();
  private volatile @Nullable IOException lost;

  /**
   * Opens the file, and creates it if need be.
   *
   * @param cacheMegabytes the bound on the pages it keeps, at least 1; the builder's own setting
   *     does not reach a file store that is adopted
   */
  DiskFileStore(Disk disk, String name, int cacheMegabytes) throws IOException {
    super(cache(cacheMegabytes));
    file = new ChecksummedFile(name, disk.open(name, true));
    init(name, false);
    setLength(file.size());
  }

  /** Parts of a megabyte or more: pages may be as long as a 16th of a part. */
  private static Map<String, Object> cache(int megabytes) {
    Map<String, Object> config = new HashMap<>();
    config.put("cacheSize", megabytes);
    config.put("cacheConcurrency", Math.min(MOST_CACHE_PARTS, Integer.highestOneBit(megabytes)));
    return config;
  }

  private void setLength(long length) {
    saveChunkLock.lock();
    try {
      setSize(length);
    } finally {
      saveChunkLock.unlock();
    }
  }

  @Override
  public void open(String fileName, boolean readOnly, char[] encryptionKey) {
    throw new UnsupportedOperationException("the constructor opens the file");
  }

  @Override
  public FileStore<SFChunk> open(String fileName, boolean readOnly) {
    throw new UnsupportedOperationException("the constructor opens the file");
  }

  @Override
  public ByteBuffer readFully(SFChunk chunk, long position, int length) {
    try {
      ByteBuffer bytes =
          blocksInMemory.isEmpty() ? file.read(position, length) : mixed(position, length);
      readCount.incrementAndGet();
      readBytes.addAndGet(length);
      return bytes;
    } catch (IOException e) {
      throw failed(DataUtils.ERROR_READING_FAILED, "reading", e);
    }
  }

  @Override
  protected void writeFully(SFChunk chunk, long position, ByteBuffer source) {
    int length = source.remaining();
    setSize(Math.max(size(), position + length));
    try {
      write(source, position);
      writeCount.incrementAndGet();
      writeBytes.addAndGet(length);
    } catch (IOException e) {
      throw failed(DataUtils.ERROR_WRITING_FAILED, "writing", e);
    }
  }

  private void write(ByteBuffer source, long position) throws IOException {
    ByteBuffer copy = source.duplicate();
    if (lost == null) {
      try {
        file.write(source, position);
        return;
      } catch (IOException e) {
        if (!serving) {
          throw e;
        }
        lost = e;
      }
    }
    for (long at = position; copy.hasRemaining(); at += ChecksummedFile.BLOCK_BYTES) {
      byte[] block = new byte[ChecksummedFile.BLOCK_BYTES];
      copy.get(block);
      blocksInMemory.put(at / ChecksummedFile.BLOCK_BYTES, block);
    }
    source.position(source.limit());
  }

  /** Reads blocks from memory where they are, else from the file. */
  private ByteBuffer mixed(long position, int length) throws IOException {
    int size = ChecksummedFile.BLOCK_BYTES;
    long first = position / size;
    int count = (int) ((position + length - 1) / size - first) + 1;
    ByteBuffer blocks = ByteBuffer.allocate(count * size);
    for (long block = first; blocks.hasRemaining(); block++) {
      byte[] inMemory = blocksInMemory.get(block);
      blocks.put(inMemory == null ? file.read(block * size, size) : ByteBuffer.wrap(inMemory));
    }
    return blocks.slice((int) (position - first * size), length);
  }

  /** Takes writes into memory from now on when the file does not take them. */
  void serve() {
    serving = true;
  }

  /** Returns whether the file lacks something that was written. */
  boolean isLost() {
    return lost != null;
  }

  /** Writes nothing more to the file. */
  void lose(Exception why) {
    lost = new IOException("the index file was lost: " + why.getMessage(), why);
  }

  @Override
  public void sync() {
    try {
      if (lost != null) {
        throw new IOException(lost.getMessage(), lost);
      }
      file.force();
    } catch (IOException e) {
      lost = e;
      throw failed(DataUtils.ERROR_WRITING_FAILED, "forcing", e);
    }
  }

  @Override
  protected void truncate(long length) {
    try {
      file.truncate(length);
      setSize(Math.min(size(), length));
    } catch (IOException e) {
      throw failed(DataUtils.ERROR_WRITING_FAILED, "cutting", e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw failed(DataUtils.ERROR_WRITING_FAILED, "closing", e);
    } finally {
      super.close();
    }
  }

  @Override
  public void backup(ZipOutputStream out) {
    throw new UnsupportedOperationException("the index is never backed up: it can be rebuilt");
  }

  private MVStoreException failed(int code, String doing, IOException failure) {
    MVStoreException translated =
        new MVStoreException(code, doing + " " + getFileName() + ": " + failure.getMessage());
    translated.initCause(failure);
    return translated;
  }
}
