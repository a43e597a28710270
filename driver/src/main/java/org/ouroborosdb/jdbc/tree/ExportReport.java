package org.ouroborosdb.jdbc.tree;

import java.util.List;

/**
 * What an export wrote.
 *
 * @param directories the directories made
 * @param files the files written
 * @param links the symbolic links made
 * @param bytes the bytes of the files
 * @param renamed each entry that went under an escaped name: its path and its title
 * @param failed each entry that could not be written, and why
 */
public record ExportReport(
    long directories,
    long files,
    long links,
    long bytes,
    List<String> renamed,
    List<String> failed) {
  /** Copies the lists. */
  public ExportReport {
    renamed = List.copyOf(renamed);
    failed = List.copyOf(failed);
  }
}
