package org.ouroborosdb.store.patch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.identity.Sha512;

/**
 * The content that a chain of deltas makes of a base, window by window as it is read; each window
 * verified before any byte of it is handed out. Thread-safe.
 *
 * <p>A reader holds a window of 256 KiB and a range of at most 512 KiB for each delta of the chain.
 */
public final class PatchedContent implements Content {
  private static final int BUFFER_BYTES = 64 << 10;

  private final Content delta;
  private final Content base;
  private final DeltaEnd end;
  private final AtomicReference<@Nullable PatchReader> idle = new AtomicReference<>();

  private PatchedContent(Content delta, Content base) {
    this.delta = delta;
    this.base = base;
    this.end = DeltaEnd.read(delta);
    end.requireBase(base);
  }

  /**
   * Opens what a delta makes of a base.
   *
   * @throws org.ouroborosdb.store.StoreException {@link org.ouroborosdb.store.ErrorCode#CORRUPT} if
   *     it is none, or its base another
   */
  public static PatchedContent of(Content delta, Content base) {
    return new PatchedContent(delta, base);
  }

  /**
   * Opens the content of a PATCH in a store.
   *
   * @param find finds an event by its sequence number
   * @param open opens bytes by their chunks
   * @throws org.ouroborosdb.store.StoreException {@link org.ouroborosdb.store.ErrorCode#CORRUPT} if
   *     the chain is longer than {@link Limits#MAX_PATCHES} or has no content at its end
   */
  public static Content open(
      EventRow patch,
      LongFunction<@Nullable EventRow> find,
      Function<StoredContent, Content> open) {
    Deque<StoredContent> deltas = new ArrayDeque<>();
    EventRow at = patch;
    while (at != null && at.type() == EventType.PATCH) {
      BadDelta.require(deltas.size() < Limits.MAX_PATCHES, "its chain is too long");
      deltas.push(stored(at));
      at = find.apply(at.parentSeq());
    }
    BadDelta.require(at != null, "its base is gone");
    Content content = open.apply(stored(Objects.requireNonNull(at)));
    for (StoredContent delta : deltas) {
      content = of(open.apply(delta), content);
    }
    return content;
  }

  private static StoredContent stored(EventRow row) {
    StoredContent content = row.content();
    BadDelta.require(content != null, "its base has no content");
    return new StoredContent(Objects.requireNonNull(content).chunks());
  }

  /** Returns whether a failure is the delta's own, and not one of reading it or its base. */
  public static boolean isBadDelta(StoreException failure) {
    return failure.getCause() instanceof BadDelta;
  }

  /** Returns the length of what a delta makes, as it says itself. */
  public static long lengthOf(Content delta) {
    return DeltaEnd.read(delta).length();
  }

  /** Returns whether one more delta may stand on a content. */
  public static boolean mayBeBase(Content base) {
    return links(base) < Limits.MAX_PATCHES;
  }

  /** Returns how many deltas stand one on the other; 0 for a content that is none. */
  static int links(Content content) {
    return content instanceof PatchedContent patched ? patched.end.links() : 0;
  }

  /**
   * Reads all of base and result, and checks the SHA-512 of both; does nothing where a content is
   * no patch.
   *
   * @throws org.ouroborosdb.store.StoreException {@link org.ouroborosdb.store.ErrorCode#CORRUPT} if
   *     one is another than the delta says
   */
  public static void verify(Content content) {
    verify(content, () -> {});
  }

  /**
   * As {@link #verify(Content)}.
   *
   * @param check called for each 64 KiB; may throw
   */
  public static void verify(Content content, Runnable check) {
    if (content instanceof PatchedContent patched) {
      patched.verify(check);
    }
  }

  private void verify(Runnable check) {
    if (!(base instanceof PatchedContent)) {
      BadDelta.require(Arrays.equals(hash(base, check), end.baseHash()), "its base is another");
    }
    BadDelta.require(Arrays.equals(hash(this, check), end.resultHash()), "its result is another");
  }

  /** Reads all of a content. */
  public static void read(Content content) {
    hash(content, () -> {});
  }

  private static byte[] hash(Content content, Runnable check) {
    MessageDigest digest = Sha512.digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = content.stream()) {
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        check.run();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a content's stream throws store exceptions only", e);
    }
    return digest.digest();
  }

  Content delta() {
    return delta;
  }

  Content base() {
    return base;
  }

  DeltaEnd end() {
    return end;
  }

  Window window(long number) {
    return Window.read(delta, end, number);
  }

  /** Throws once the content may not be read. */
  void requireOpen() {
    delta.read(0, 0);
  }

  @Override
  public long length() {
    return end.length();
  }

  /** Returns no chunks: the bytes are made as they are read. */
  @Override
  public List<ChunkRef> chunks() {
    return List.of();
  }

  @Override
  public InputStream stream(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, length());
    return new PatchedStream(new PatchReader(this), offset, length);
  }

  @Override
  public byte[] read(long offset, int length) {
    Objects.checkFromIndexSize(offset, length, length());
    PatchReader kept = idle.getAndSet(null);
    PatchReader reader = kept == null ? new PatchReader(this) : kept;
    byte[] bytes = new byte[length];
    reader.read(offset, bytes, 0, length);
    idle.set(reader); // not after a failure
    return bytes;
  }
}
