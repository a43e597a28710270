package org.ouroborosdb.store.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.disk.RealDisk;
import org.ouroborosdb.store.index.IndexFile;

/** Where an index lies: beside the log, or in a directory of its own. */
final class IndexPlace implements Closeable {
  private final Disk disk;
  private final boolean separate;
  private final int unsavedBytes;

  private IndexPlace(Disk disk, boolean separate, StoreOptions options) {
    this.disk = disk;
    this.separate = separate;
    unsavedBytes = options.profile().unsavedBytes();
  }

  /**
   * Returns the place that the options name.
   *
   * @param log the disk of the log
   * @param seam is given another directory's disk, and returns the one to use
   */
  static IndexPlace of(StoreOptions options, Disk log, UnaryOperator<Disk> seam)
      throws IOException {
    Path other = options.indexPath();
    Path store = options.path();
    if (other == null || store == null) {
      return new IndexPlace(log, false, options);
    }
    if (!Files.isDirectory(other)) {
      return new IndexPlace(new MemoryDisk(), true, options); // a reader makes an index in memory
    }
    return other.toRealPath().equals(store.toRealPath())
        ? new IndexPlace(log, false, options)
        : new IndexPlace(seam.apply(new RealDisk(other.toRealPath())), true, options);
  }

  /**
   * Returns the index's file.
   *
   * @param storeId the store, whose the index must be if it lies where others could have left one
   */
  IndexFile file(WriterId storeId) {
    return new IndexFile(disk, separate ? storeId : null, unsavedBytes);
  }

  @Override
  public void close() throws IOException {
    if (separate) {
      disk.close();
    }
  }
}
