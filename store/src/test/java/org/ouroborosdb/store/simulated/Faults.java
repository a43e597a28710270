package org.ouroborosdb.store.simulated;

import java.io.IOException;

/** Which calls of a {@link SimulatedDisk} fail. Thread-safe. */
public final class Faults {
  private static final long UNLIMITED = 1L << 50;

  private long changes;
  private long reads;
  private long lastChange = Long.MAX_VALUE;
  private long failFrom = Long.MAX_VALUE;
  private long failUntil = Long.MAX_VALUE;
  private long failRead = Long.MAX_VALUE;
  private String message = "Input/output error";
  private long capacity = UNLIMITED;
  private boolean failed;
  private long forceNanos;

  /** Cuts the power in the middle of a changing call, so many calls from now; 0 is the next. */
  public synchronized void cutPowerAfter(long calls) {
    lastChange = changes + calls;
  }

  /** Fails changing calls with a message, from so many calls on; 0 is the next. */
  public synchronized void failChanges(long after, long count, String text) {
    failFrom = changes + after;
    failUntil = failFrom + count;
    message = text;
    failed = false;
  }

  /** Fails one read, so many from now; 0 is the next. */
  public synchronized void failRead(long after) {
    failRead = reads + after;
  }

  /** Makes every force of a file take so long, as a disk does. */
  public synchronized void slowForces(long nanos) {
    forceNanos = nanos;
  }

  synchronized long forceNanos() {
    return forceNanos;
  }

  /** Lets files take no more than so many bytes in all. */
  public synchronized void limit(long bytes) {
    capacity = bytes;
    failed = false;
  }

  /** Lets everything succeed from now on. */
  public synchronized void end() {
    failFrom = Long.MAX_VALUE;
    failUntil = Long.MAX_VALUE;
    failRead = Long.MAX_VALUE;
    capacity = UNLIMITED;
  }

  /** Returns the changing calls so far. */
  public synchronized long changes() {
    return changes;
  }

  /** Returns whether any call has failed since the last plan was made. */
  public synchronized boolean anyFailed() {
    return failed;
  }

  synchronized long capacity() {
    return capacity;
  }

  synchronized void beforeChange() throws IOException {
    long now = changes++;
    if (now >= failFrom && now < failUntil) {
      failed = true;
      throw new IOException(message);
    }
  }

  synchronized boolean isLastChange() {
    return changes > lastChange;
  }

  synchronized void beforeRead() throws IOException {
    if (reads++ == failRead) {
      failed = true;
      throw new IOException("Input/output error");
    }
  }

  synchronized void requireRoom(long used, long more) throws IOException {
    if (used + more > capacity) {
      failed = true;
      throw new IOException("No space left on device");
    }
  }

  /** What a disk still takes of a write that fails. */
  int halfOf(int bytes) {
    return bytes / 2;
  }
}
