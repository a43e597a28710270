package org.ouroborosdb.store;

/**
 * What one kind of thing takes on the disk.
 *
 * @param kind {@code chunk}, {@code chunk group}, {@code event}, {@code commit}, {@code tombstone},
 *     {@code segment header}, {@code unreadable} (bytes of segments where no record starts), {@code
 *     checkpoint}, or {@code index}
 * @param records how many of it there are; of the index, entries
 * @param bytes their bytes in the files, headers included
 * @param deadBytes those of them that nobody can read any more: removed events, replaced pages
 */
public record StorageUse(String kind, long records, long bytes, long deadBytes) {}
