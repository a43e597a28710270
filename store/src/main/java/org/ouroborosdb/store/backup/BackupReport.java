package org.ouroborosdb.store.backup;

/**
 * What a backup or a restore wrote.
 *
 * @param segments the segments in the copy
 * @param copiedSegments those of them that were written by this call
 * @param copiedBytes the bytes of these
 * @param totalBytes the bytes of all segments in the copy
 * @param events the events in the copy
 */
public record BackupReport(
    int segments, int copiedSegments, long copiedBytes, long totalBytes, long events) {}
