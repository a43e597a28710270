package org.ouroborosdb.store.patch;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Content;

/** Bytes in memory as a content. Immutable. */
public final class BytesContent implements Content {
  private final byte[] bytes;

  /** Takes the bytes, which the caller changes no more. */
  public BytesContent(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public List<ChunkRef> chunks() {
    return List.of();
  }

  @Override
  public InputStream stream(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return new ByteArrayInputStream(bytes, (int) offset, (int) length);
  }

  @Override
  public byte[] read(long offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
  }
}
