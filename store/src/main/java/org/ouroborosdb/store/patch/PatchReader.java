package org.ouroborosdb.store.patch;

import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Content;

/**
 * Reads ranges of a patched content and keeps the last window of each delta of the chain, so that
 * reading forward decodes each window once. For one thread at a time.
 */
final class PatchReader {
  private final PatchedContent content;
  private final Content base;
  private final @Nullable PatchReader below; // null over a content that is no patch
  private byte[] window = {};
  private long start;
  private long number = -1;

  PatchReader(PatchedContent content) {
    this.content = content;
    this.base = content.base();
    this.below = base instanceof PatchedContent patched ? new PatchReader(patched) : null;
  }

  /** Fills a part of an array from an offset on; the content must have as many bytes. */
  void read(long offset, byte[] target, int at, int length) {
    content.requireOpen();
    int done = 0;
    while (done < length) {
      long inWindow = offset + done - start;
      if (inWindow < 0 || inWindow >= window.length) {
        load(offset + done);
        inWindow = offset + done - start;
      }
      int count = (int) Math.min(length - done, window.length - inWindow);
      System.arraycopy(window, (int) inWindow, target, at + done, count);
      done += count;
    }
  }

  private void load(long offset) {
    boolean next = offset == start + window.length;
    long wanted = next ? number + 1 : find(offset);
    Window entry = content.window(wanted);
    byte[] range = new byte[entry.baseLength()];
    if (below != null) {
      below.read(entry.baseOffset(), range, 0, range.length);
    } else if (range.length > 0) {
      range = base.read(entry.baseOffset(), range.length);
    }
    window = entry.decode(content.delta(), range);
    start = entry.start();
    number = wanted;
    BadDelta.require(
        offset >= start && offset < start + window.length, "its windows are not in order");
  }

  /** Finds the window that an offset lies in. */
  private long find(long offset) {
    long low = 0;
    long high = content.end().windows() - 1;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (content.window(middle).end() > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
