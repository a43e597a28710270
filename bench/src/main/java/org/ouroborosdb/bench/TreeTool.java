package org.ouroborosdb.bench;

import java.io.IOException;
import java.nio.file.Path;

/** Something that keeps versions of a tree in a repository, one after the other. */
interface TreeTool {
  /** Returns how it is called in the report. */
  String name();

  /** Starts an empty repository in a directory that does not exist. */
  void create(Path repository) throws IOException, InterruptedException;

  /** Stores the present state of a tree; durable at the return. */
  void store(Path tree) throws IOException, InterruptedException;

  /** Writes the last stored state of a tree into a directory that does not exist. */
  void export(Path tree, Path target) throws IOException, InterruptedException;

  /** Reads and checks all data. */
  void verify() throws IOException, InterruptedException;
}
