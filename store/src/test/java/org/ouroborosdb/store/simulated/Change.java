package org.ouroborosdb.store.simulated;

import org.jspecify.annotations.Nullable;

/** One change that was made and not yet forced. */
sealed interface Change {
  /**
   * A sector as it was after a write to it.
   *
   * @param length the file's length then
   */
  record Sector(Inode inode, int number, byte[] bytes, long length) implements Change {}

  /** A file cut to a length. */
  record Cut(Inode inode, long length) implements Change {}

  /**
   * A directory entry: a file created, deleted or renamed.
   *
   * @param from the name that ends; null for a creation
   * @param to the name that begins; null for a deletion
   */
  record Entry(@Nullable String from, @Nullable String to, Inode inode) implements Change {}
}
