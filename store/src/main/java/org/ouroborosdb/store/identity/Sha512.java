package org.ouroborosdb.store.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;

/**
 * SHA-512 of the JDK's own provider, whatever the application registered before it: 780 MB/s a core
 * against 400 to 450 of Bouncy Castle. Thread-safe.
 */
public final class Sha512 {
  private static final @Nullable Provider JDK = Security.getProvider("SUN");

  private static final ThreadLocal<MessageDigest> OF_THREAD =
      ThreadLocal.withInitial(Sha512::digest);

  private Sha512() {}

  /** Returns a new digest. */
  public static MessageDigest digest() {
    try {
      return JDK == null
          ? MessageDigest.getInstance("SHA-512")
          : MessageDigest.getInstance("SHA-512", JDK);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform since 9 has SHA-512", e);
    }
  }

  /** Returns the name of the chunk with these plain bytes. */
  public static ChunkId chunkId(byte[] bytes, int offset, int length) {
    MessageDigest digest = OF_THREAD.get(); // digest() below leaves it as it was
    digest.update(bytes, offset, length);
    return ChunkId.of(digest.digest());
  }
}
