package org.ouroborosdb.store.kv;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoredContent;

/**
 * Keys with values that are never lost: each put adds a version. {@link KeySpace} says over which
 * events they live. Thread-safe, from any number of threads and stores of one process.
 *
 * <p>A key is any text of 1 byte to {@link Limits#MAX_TITLE_BYTES} in UTF-8, compared character by
 * character: case, spaces and Unicode's normal forms tell keys apart. A value is content, metadata,
 * both or neither; a value with neither is one, unlike a key that was removed.
 *
 * <p>Each call is one transaction, durable as the store is, and sees all that was acknowledged
 * before; to put several keys together, use {@link KeySpace} in a transaction of your own. A put
 * that meets another one is repeated until it is written.
 *
 * <p>Calls throw {@link org.ouroborosdb.store.StoreException}: {@code MISSING_VALUE} for an empty
 * key, {@code TOO_LONG} and {@code INVALID_TEXT} for one that is too long or has half a surrogate
 * pair, {@code READ_ONLY}, {@code CLOSED}, {@code CORRUPT} and {@code IO_FAILED} as the store does.
 */
public interface KeyValueStore {
  /** Returns the keys of an event store, which the caller closes. */
  static KeyValueStore of(EventStore store) {
    return new EventKeyValueStore(store);
  }

  /** Returns a key's current value; one index look-up however long its history. */
  Optional<KeyValue> get(String key);

  /**
   * Reads a key's current content whole.
   *
   * @param maxBytes the most to read
   * @return the bytes; null if the key has no value, or one without content
   */
  byte @Nullable [] getBytes(String key, int maxBytes);

  /**
   * Puts a value, whatever the key has now.
   *
   * @param content bytes that {@code EventStore.put} stored; null for none
   * @param metadata a text; null for none
   * @return the version that holds the value
   */
  EventId put(String key, @Nullable StoredContent content, @Nullable String metadata);

  /** Puts bytes without metadata. */
  EventId put(String key, byte[] bytes);

  /**
   * Puts a value if the key's current version is the one expected.
   *
   * @param expected the version; null if the key must have no value
   * @throws org.ouroborosdb.store.StoreException {@code CONFLICT} if it is another: of many that
   *     expect the same version, exactly one puts
   */
  EventId putIf(
      String key,
      @Nullable EventId expected,
      @Nullable StoredContent content,
      @Nullable String metadata);

  /** Removes a key; its history stays. Returns whether it had a value. */
  boolean remove(String key);

  /**
   * Returns the current values of all keys with a prefix, in order of {@link String#compareTo}; all
   * keys with an empty one. Reads the keys with the prefix and no others.
   */
  List<KeyValue> withPrefix(String prefix);

  /** Returns all versions of a key's value, removals too, in order of (level, id). */
  List<KeyValue> history(String key);
}
