package org.ouroborosdb.store.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.zip.ZipOutputStream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RandomAccessStore;
import org.h2.mvstore.SFChunk;
import org.ouroborosdb.store.disk.Disk;

/** MVStore's file on a {@link Disk}, with a checksum for each block. */
final class DiskFileStore extends RandomAccessStore {
  private final ChecksummedFile file;

  /** Opens the file, and creates it if need be. */
  DiskFileStore(Disk disk, String name) throws IOException {
    super(new HashMap<>());
    file = new ChecksummedFile(name, disk.open(name, true));
    init(name, false);
    setLength(file.size());
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
      ByteBuffer bytes = file.read(position, length);
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
      file.write(source, position);
      writeCount.incrementAndGet();
      writeBytes.addAndGet(length);
    } catch (IOException e) {
      throw failed(DataUtils.ERROR_WRITING_FAILED, "writing", e);
    }
  }

  @Override
  public void sync() {
    try {
      file.force();
    } catch (IOException e) {
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
