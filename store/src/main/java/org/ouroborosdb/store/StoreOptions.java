package org.ouroborosdb.store;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to open a store. Immutable.
 *
 * @param path the store's directory; null for a store in memory
 * @param create whether to create it if it does not exist
 * @param readOnly whether to refuse writes
 * @param durability when commits are forced
 * @param profile the bounds on memory and files
 * @param indexPath another directory for the index; null for the store's own
 * @param minFreeBytes the free disk space below which writes are refused
 * @param cacheBytes the bound on cached bytes, split between pages and verified chunks
 * @param transactionBytes the most bytes of events that one transaction may buffer; never more than
 *     a segment of the profile, which they must fit into
 * @param lockTimeoutMillis how long to wait for another process to release the store
 * @param cleanupMillis the time between two looks for expired events; 0 for none
 */
public record StoreOptions(
    @Nullable Path path,
    boolean create,
    boolean readOnly,
    Durability durability,
    Profile profile,
    @Nullable Path indexPath,
    long minFreeBytes,
    long cacheBytes,
    long transactionBytes,
    long lockTimeoutMillis,
    long cleanupMillis) {
  private static final long DEFAULT_MIN_FREE_BYTES = 16L << 20;
  private static final long DEFAULT_TRANSACTION_BYTES = 64L << 20;

  /** Checks the numbers. */
  public StoreOptions {
    Objects.requireNonNull(durability, "durability");
    Objects.requireNonNull(profile, "profile");
    requireNotNegative("minFreeBytes", minFreeBytes);
    requireNotNegative("cacheBytes", cacheBytes);
    requireNotNegative("transactionBytes", transactionBytes);
    requireNotNegative("lockTimeoutMillis", lockTimeoutMillis);
    requireNotNegative("cleanupMillis", cleanupMillis);
    transactionBytes = Math.min(transactionBytes, profile.segmentBytes());
  }

  /** Returns the defaults for a directory: create, writable, durable commits, server profile. */
  public static StoreOptions at(Path path) {
    return defaults(Objects.requireNonNull(path, "path"));
  }

  /** Returns the defaults for a store in memory, which ends with its close. */
  public static StoreOptions inMemory() {
    return defaults(null);
  }

  private static StoreOptions defaults(@Nullable Path path) {
    return new StoreOptions(
        path,
        true,
        false,
        Durability.COMMIT,
        Profile.SERVER,
        null,
        DEFAULT_MIN_FREE_BYTES,
        Profile.SERVER.cacheBytes(),
        DEFAULT_TRANSACTION_BYTES,
        0,
        0);
  }

  /** Returns these options with another {@code create}. */
  public StoreOptions withCreate(boolean value) {
    return new StoreOptions(
        path,
        value,
        readOnly,
        durability,
        profile,
        indexPath,
        minFreeBytes,
        cacheBytes,
        transactionBytes,
        lockTimeoutMillis,
        cleanupMillis);
  }

  /** Returns these options with another {@code readOnly}. */
  public StoreOptions withReadOnly(boolean value) {
    return new StoreOptions(
        path,
        create,
        value,
        durability,
        profile,
        indexPath,
        minFreeBytes,
        cacheBytes,
        transactionBytes,
        lockTimeoutMillis,
        cleanupMillis);
  }

  /** Returns these options with another durability. */
  public StoreOptions withDurability(Durability value) {
    return new StoreOptions(
        path,
        create,
        readOnly,
        value,
        profile,
        indexPath,
        minFreeBytes,
        cacheBytes,
        transactionBytes,
        lockTimeoutMillis,
        cleanupMillis);
  }

  /** Returns these options with another profile and its cache size. */
  public StoreOptions withProfile(Profile value) {
    return new StoreOptions(
        path,
        create,
        readOnly,
        durability,
        value,
        indexPath,
        minFreeBytes,
        value.cacheBytes(),
        transactionBytes,
        lockTimeoutMillis,
        cleanupMillis);
  }

  /** Returns these options with the index in another directory. */
  public StoreOptions withIndexPath(@Nullable Path value) {
    return new StoreOptions(
        path,
        create,
        readOnly,
        durability,
        profile,
        value,
        minFreeBytes,
        cacheBytes,
        transactionBytes,
        lockTimeoutMillis,
        cleanupMillis);
  }

  /** Returns these options with another free-space floor. */
  public StoreOptions withMinFreeBytes(long value) {
    return new StoreOptions(
        path,
        create,
        readOnly,
        durability,
        profile,
        indexPath,
        value,
        cacheBytes,
        transactionBytes,
        lockTimeoutMillis,
        cleanupMillis);
  }

  /** Returns these options with another cache bound. */
  public StoreOptions withCacheBytes(long value) {
    return new StoreOptions(
        path,
        create,
        readOnly,
        durability,
        profile,
        indexPath,
        minFreeBytes,
        value,
        transactionBytes,
        lockTimeoutMillis,
        cleanupMillis);
  }

  /** Returns these options with another bound on a transaction. */
  public StoreOptions withTransactionBytes(long value) {
    return new StoreOptions(
        path,
        create,
        readOnly,
        durability,
        profile,
        indexPath,
        minFreeBytes,
        cacheBytes,
        value,
        lockTimeoutMillis,
        cleanupMillis);
  }

  /** Returns these options with another wait for the lock. */
  public StoreOptions withLockTimeoutMillis(long value) {
    return new StoreOptions(
        path,
        create,
        readOnly,
        durability,
        profile,
        indexPath,
        minFreeBytes,
        cacheBytes,
        transactionBytes,
        value,
        cleanupMillis);
  }

  /** Returns these options with another time between two looks for expired events. */
  public StoreOptions withCleanupMillis(long value) {
    return new StoreOptions(
        path,
        create,
        readOnly,
        durability,
        profile,
        indexPath,
        minFreeBytes,
        cacheBytes,
        transactionBytes,
        lockTimeoutMillis,
        value);
  }

  private static void requireNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is " + value + ", below 0");
    }
  }
}
