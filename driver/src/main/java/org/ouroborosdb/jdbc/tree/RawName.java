package org.ouroborosdb.jdbc.tree;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file's name, which on Unix need not be text: written as in URLs, {@code %XX} for
 * all but letters, digits and a few signs.
 *
 * <p>Java decodes such names with losses, but keeps the bytes in its paths and shows them in a
 * path's URI; so this works on the default file system only, where alone such names occur.
 *
 * @param text the name as text; bytes that are no UTF-8 as {@code %XX}
 * @param raw the name's bytes, percent-encoded; null where the text is exact
 */
record RawName(String text, @Nullable String raw) {
  private static final String PLAIN = "._-~/";

  /** Returns the name of a file, which need not exist. */
  static RawName ofFile(Path file) {
    String name = Objects.requireNonNull(file.getFileName()).toString();
    if (name.indexOf('\ufffd') < 0) {
      return new RawName(name, null);
    }
    String path = rawPath(file);
    return of(path.substring(path.lastIndexOf('/') + 1));
  }

  /** Returns what a symbolic link points to. */
  static RawName ofTarget(Path target) {
    String text = target.toString();
    if (text.indexOf('\ufffd') < 0) {
      return new RawName(text, null);
    }
    Path slash = Path.of("/");
    return of(rawPath(slash.resolve(target)).substring(target.isAbsolute() ? 0 : 1));
  }

  private static String rawPath(Path file) {
    String path = file.toUri().getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static RawName of(String encoded) {
    byte[] bytes = decoded(encoded);
    String text = textOrNull(bytes);
    return text != null ? new RawName(text, null) : new RawName(escapedText(bytes), encode(bytes));
  }

  /** Returns whether this is a single name that is no text, as {@link #ofFile} makes them. */
  static boolean isName(String raw, int maxBytes) {
    byte[] bytes = decoded(raw);
    for (byte b : bytes) {
      if (b == '/' || b == 0) {
        return false;
      }
    }
    return bytes.length <= maxBytes && textOrNull(bytes) == null;
  }

  /** Returns the path of percent-encoded bytes below a directory. */
  static Path resolve(Path directory, String raw) {
    return directory.resolve(path(raw));
  }

  /** Returns the path of percent-encoded bytes: absolute if they start with a slash. */
  static Path path(String raw) {
    String encoded = encode(decoded(raw));
    Path slash = Path.of("/");
    return encoded.startsWith("/")
        ? Path.of(URI.create("file://" + encoded))
        : slash.relativize(Path.of(URI.create("file:///" + encoded)));
  }

  /** Returns the path of a name below a directory, whether or not the locale has its letters. */
  static Path resolveText(Path directory, String name) {
    try {
      return directory.resolve(name);
    } catch (InvalidPathException e) {
      if (name.indexOf('\0') >= 0 || java.io.File.separatorChar != '/') {
        throw e;
      }
      return resolve(directory, encode(name.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static @Nullable String textOrNull(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static String escapedText(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(3 * bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put(percent(in.get()));
      }
      result = decoder.decode(in, out, true);
    }
    return out.flip().toString();
  }

  private static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      char c = (char) (b & 0xff);
      boolean isPlain = c < 128 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
      text.append(isPlain ? String.valueOf(c) : percent(b));
    }
    return text.toString();
  }

  private static String percent(byte b) {
    return String.format(Locale.ROOT, "%%%02X", b & 0xff);
  }

  /** Returns the bytes; {@code %} that starts no number stands for itself. */
  private static byte[] decoded(String encoded) {
    byte[] from = encoded.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[from.length];
    int length = 0;
    for (int i = 0; i < from.length; i++) {
      int high = i + 2 < from.length ? Character.digit(from[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(from[i + 2], 16) : -1;
      if (from[i] == '%' && low >= 0) {
        bytes[length++] = (byte) (16 * high + low);
        i += 2;
      } else {
        bytes[length++] = from[i];
      }
    }
    return java.util.Arrays.copyOf(bytes, length);
  }
}
