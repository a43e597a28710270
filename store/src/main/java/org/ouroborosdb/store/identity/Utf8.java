package org.ouroborosdb.store.identity;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;

/** Strict UTF-8: what cannot be carried is refused, never replaced. Stateless. */
public final class Utf8 {
  private Utf8() {}

  /**
   * Encodes a text.
   *
   * @param what what the text is, for the message: {@code title}
   * @throws StoreException {@link ErrorCode#INVALID_TEXT} if it has an unpaired surrogate, {@link
   *     ErrorCode#TOO_LONG} if it takes more than {@code maxBytes}
   */
  public static byte[] encode(String what, String text, int maxBytes) {
    if (text.length() > maxBytes) { // a char takes at least a byte: refused before it is encoded
      throw tooLong(what, text.length() + " characters", maxBytes);
    }
    requireNoUnpairedSurrogate(what, text);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > maxBytes) {
      throw tooLong(what, bytes.length + " bytes", maxBytes);
    }
    return bytes;
  }

  /**
   * Decodes bytes.
   *
   * @throws CharacterCodingException if they are not well-formed UTF-8
   */
  public static String decode(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static void requireNoUnpairedSurrogate(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean paired =
          Character.isHighSurrogate(c)
              ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
              : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
      if (Character.isSurrogate(c) && !paired) {
        throw new StoreException(
            ErrorCode.INVALID_TEXT,
            what + " has an unpaired surrogate at character " + i + ", which UTF-8 cannot carry");
      }
    }
  }

  private static StoreException tooLong(String what, String length, int maxBytes) {
    return new StoreException(
        ErrorCode.TOO_LONG,
        what + " of " + length + " is over the limit of " + maxBytes + " bytes in UTF-8");
  }
}
