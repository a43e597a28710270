package org.ouroborosdb.store.compression;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The calls of the Zstandard library, wherever its classes are: on the class path, or in the jar
 * nested in the driver's one jar. Thread-safe; a context is for one thread at a time.
 *
 * <p>The library binds native methods by the names of its classes, so it cannot be relocated as the
 * other libraries of the driver are. It is reached by handles because neither place is known when
 * this is compiled; constant handles cost what direct calls do.
 */
final class ZstdLibrary {
  private static final String PACKAGE = "com.github.luben.zstd.";
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.publicLookup();
  private static final Class<?> FAILURE;
  private static final MethodHandle BOUND;
  private static final MethodHandle NEW_COMPRESSOR;
  private static final MethodHandle[] SETTERS;
  private static final String[] SETTER_NAMES = {
    "setLevel", "setWindowLog", "setChainLog", "setHashLog", "setMinMatch", "setStrategy"
  };
  private static final MethodHandle COMPRESS;
  private static final MethodHandle NEW_DECOMPRESSOR;
  private static final MethodHandle DECOMPRESS;
  private static final MethodHandle COMPRESSOR_BASE;
  private static final MethodHandle DECOMPRESSOR_BASE;

  static {
    try {
      ClassLoader loader = loader();
      Class<?> compressor = Class.forName(PACKAGE + "ZstdCompressCtx", true, loader);
      Class<?> decompressor = Class.forName(PACKAGE + "ZstdDecompressCtx", true, loader);
      Class<?> zstd = Class.forName(PACKAGE + "Zstd", true, loader);
      FAILURE = Class.forName(PACKAGE + "ZstdException", true, loader);
      BOUND =
          LOOKUP.findStatic(zstd, "compressBound", MethodType.methodType(long.class, long.class));
      NEW_COMPRESSOR = maker(compressor);
      SETTERS = new MethodHandle[SETTER_NAMES.length];
      for (int i = 0; i < SETTERS.length; i++) {
        SETTERS[i] =
            LOOKUP
                .findVirtual(
                    compressor, SETTER_NAMES[i], MethodType.methodType(compressor, int.class))
                .asType(MethodType.methodType(void.class, Object.class, int.class));
      }
      COMPRESS = worker(compressor, "compressByteArray");
      NEW_DECOMPRESSOR = maker(decompressor);
      DECOMPRESS = worker(decompressor, "decompressByteArray");
      COMPRESSOR_BASE = baseSetter(compressor);
      DECOMPRESSOR_BASE = baseSetter(decompressor);
    } catch (ReflectiveOperationException | IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private ZstdLibrary() {}

  /** Returns the most bytes that a frame of so many bytes takes. */
  static int compressBound(int length) {
    try {
      return Math.toIntExact((long) BOUND.invokeExact((long) length));
    } catch (Throwable e) {
      throw ZstdLibrary.<RuntimeException>passed(e);
    }
  }

  /**
   * Returns a context that compresses; closing it frees its native memory.
   *
   * @param parameters level, logarithms of the sizes of window, chain and hash table, least match,
   *     strategy; or as many of these, in this order
   */
  static AutoCloseable newCompressor(int... parameters) {
    try {
      Object context = (Object) NEW_COMPRESSOR.invokeExact();
      for (int i = 0; i < parameters.length; i++) {
        SETTERS[i].invokeExact(context, parameters[i]);
      }
      return (AutoCloseable) context;
    } catch (Throwable e) {
      throw ZstdLibrary.<RuntimeException>passed(e);
    }
  }

  /** Returns a context that decompresses; closing it frees its native memory. */
  static AutoCloseable newDecompressor() {
    try {
      return (AutoCloseable) (Object) NEW_DECOMPRESSOR.invokeExact();
    } catch (Throwable e) {
      throw ZstdLibrary.<RuntimeException>passed(e);
    }
  }

  /** Writes one frame to the start of {@code target}; returns its length. */
  static int compress(AutoCloseable context, byte[] target, byte[] raw, int offset, int length) {
    try {
      return (int)
          COMPRESS.invokeExact((Object) context, target, 0, target.length, raw, offset, length);
    } catch (Throwable e) {
      throw ZstdLibrary.<RuntimeException>passed(e);
    }
  }

  /**
   * Writes what the frames hold to the start of {@code target}; returns its length.
   *
   * @throws org.ouroborosdb.store.StoreException {@link org.ouroborosdb.store.ErrorCode#CORRUPT} if
   *     they are no frames, or hold more than there is room for
   */
  static int decompress(
      AutoCloseable context, byte[] target, byte[] stored, int offset, int length) {
    try {
      return (int)
          DECOMPRESS.invokeExact(
              (Object) context, target, 0, target.length, stored, offset, length);
    } catch (Throwable e) {
      if (FAILURE.isInstance(e)) {
        throw Compression.corrupt("zstd says " + e.getMessage());
      }
      throw ZstdLibrary.<RuntimeException>passed(e);
    }
  }

  /** Sets the bytes that a compressor's matches may lie in; none for no bytes. */
  static void setCompressorBase(AutoCloseable context, byte[] base) {
    try {
      COMPRESSOR_BASE.invokeExact((Object) context, base);
    } catch (Throwable e) {
      throw ZstdLibrary.<RuntimeException>passed(e);
    }
  }

  /** Sets the bytes that a decompressor finds matches in; none for no bytes. */
  static void setDecompressorBase(AutoCloseable context, byte[] base) {
    try {
      DECOMPRESSOR_BASE.invokeExact((Object) context, base);
    } catch (Throwable e) {
      if (FAILURE.isInstance(e)) {
        throw Compression.corrupt("zstd says " + e.getMessage());
      }
      throw ZstdLibrary.<RuntimeException>passed(e);
    }
  }

  /** Frees the native memory of a context. */
  static void close(AutoCloseable context) {
    try {
      context.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw ZstdLibrary.<RuntimeException>passed(e);
    }
  }

  private static ClassLoader loader() throws IOException {
    ClassLoader own = ZstdLibrary.class.getClassLoader();
    try {
      Class.forName(PACKAGE + "Zstd", false, own);
      return own;
    } catch (ClassNotFoundException e) {
      return new NestedJarLoader("/org/ouroborosdb/shaded/zstd-jni.jar");
    }
  }

  private static MethodHandle maker(Class<?> type) throws ReflectiveOperationException {
    return LOOKUP
        .findConstructor(type, MethodType.methodType(void.class))
        .asType(MethodType.methodType(Object.class));
  }

  private static MethodHandle baseSetter(Class<?> type) throws ReflectiveOperationException {
    return LOOKUP
        .findVirtual(type, "loadDict", MethodType.methodType(type, byte[].class))
        .asType(MethodType.methodType(void.class, Object.class, byte[].class));
  }

  private static MethodHandle worker(Class<?> type, String name)
      throws ReflectiveOperationException {
    MethodType arrays =
        MethodType.methodType(
            int.class, byte[].class, int.class, int.class, byte[].class, int.class, int.class);
    return LOOKUP
        .findVirtual(type, name, arrays)
        .asType(arrays.insertParameterTypes(0, Object.class));
  }

  /** Throws what a handle has thrown: none of the library's methods declares an exception. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> RuntimeException passed(Throwable e) throws E {
    throw (E) e;
  }
}
