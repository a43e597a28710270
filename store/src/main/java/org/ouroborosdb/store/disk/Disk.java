package org.ouroborosdb.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One directory of files with flat names. Thread-safe. */
public interface Disk extends Closeable {
  /** Opens a file for reading and writing; creates it only if asked to. */
  DiskFile open(String name, boolean create) throws IOException;

  /** Returns whether a file exists. */
  boolean exists(String name) throws IOException;

  /** Returns the names of all files, sorted. */
  List<String> list() throws IOException;

  /** Deletes a file. */
  void delete(String name) throws IOException;

  /** Renames a file, atomically replacing another of that name. */
  void rename(String from, String to) throws IOException;

  /** Makes creations, deletions and renames durable. */
  void forceDirectory() throws IOException;

  /** Returns the bytes that can still be written. */
  long usableBytes() throws IOException;

  /** Returns the directory; empty for a disk in memory. */
  Optional<Path> path();
}
