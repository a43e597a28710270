package org.ouroborosdb.store.patch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.identity.Sha512;

/** Deltas that somebody wrote to do harm, over a base that fits them. */
public final class HostileDelta {
  private static final byte[] SHORT = bytes(1, 20_000);
  private static final byte[] LONG = bytes(2, 400_000);
  private static final int PIECE_BYTES = 100_000;

  private static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Returns the delta between two contents. */
  static byte[] delta(byte[] base, byte[] target) {
    ByteArrayInputStream bytes = new ByteArrayInputStream(target);
    try (DeltaMaker maker = new DeltaMaker(new BytesContent(base), bytes, chunk -> false)) {
      return maker.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns sound deltas, of one window and of several. */
  public List<byte[]> seeds() {
    return List.of(
        delta(SHORT, PatchesTest.edited(new Random(3), SHORT, 2)),
        delta(LONG, PatchesTest.edited(new Random(4), LONG, 3)));
  }

  /** Reads all of what a delta makes; every window of it must be what its table says. */
  public void read(byte[] input) {
    for (byte[] base : List.of(SHORT, LONG)) {
      try {
        Content made = PatchedContent.of(new BytesContent(input), new BytesContent(base));
        requireWindows(input, made);
        PatchedContent.verify(made);
        requireHash(input, made);
      } catch (StoreException e) {
        if (e.code() != ErrorCode.CORRUPT) {
          throw new AssertionError("refused with " + e.code(), e);
        }
      }
    }
  }

  private static void requireWindows(byte[] delta, Content made) {
    ByteBuffer table = ByteBuffer.wrap(delta);
    DeltaEnd end = DeltaEnd.read(new BytesContent(delta));
    table.position((int) (delta.length - DeltaEnd.BYTES - end.windows() * Window.BYTES));
    long at = 0;
    for (long i = 0; i < end.windows(); i++) {
      long to = table.getLong();
      byte[] bytes = made.read(at, (int) Math.min(made.length() - at, Math.max(1, to - at)));
      byte[] hash = new byte[Window.HASH_BYTES];
      table.position(table.position() + 2 * Long.BYTES + Integer.BYTES).get(hash);
      if (!Arrays.equals(hash, Window.hashOf(bytes))) {
        throw new AssertionError("window " + i + " is not what its hash says");
      }
      at = to;
    }
  }

  private static void requireHash(byte[] delta, Content made) {
    var digest = Sha512.digest();
    for (long at = 0; at < made.length(); at += PIECE_BYTES) {
      digest.update(made.read(at, (int) Math.min(PIECE_BYTES, made.length() - at)));
    }
    byte[] said = DeltaEnd.read(new BytesContent(delta)).resultHash();
    if (!Arrays.equals(said, digest.digest())) {
      throw new AssertionError("a result that was verified is not what its hash says");
    }
  }

  /** Gives a store deltas of whose hashes one is wrong; each must be refused. */
  public static void giveWrongHashes() {
    byte[] sound = delta(SHORT, PatchesTest.edited(new Random(3), SHORT, 2));
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory())) {
      EventId base = store.append(NewEvent.root("base").content(store.put(SHORT)).build());
      for (int hash : new int[] {0, DeltaEnd.HASH_BYTES}) {
        byte[] wrong = sound.clone();
        wrong[wrong.length - DeltaEnd.BYTES + hash]++;
        NewEvent patch = NewEvent.of(EventType.PATCH, base).content(store.put(wrong)).build();
        try {
          throw new AssertionError("a delta with a wrong hash was taken: " + store.append(patch));
        } catch (StoreException e) {
          if (e.code() != ErrorCode.RULE_VIOLATED) {
            throw new AssertionError("refused with " + e.code(), e);
          }
        }
      }
      store.append(NewEvent.of(EventType.PATCH, base).content(store.put(sound)).build());
    }
  }
}
