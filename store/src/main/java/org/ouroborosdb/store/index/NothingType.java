package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** The values of a map that is a set: always true, and no bytes. */
final class NothingType extends BasicDataType<Boolean> {
  static final NothingType INSTANCE = new NothingType();

  /** The values of any page but a very long one: all are the same, so pages may share them. */
  private static final Boolean[] SHARED = filled(128);

  private NothingType() {}

  @Override
  public int getMemory(Boolean value) {
    return 0;
  }

  @Override
  public void write(WriteBuffer target, Boolean value) {}

  @Override
  public void write(WriteBuffer target, Object storage, int length) {}

  @Override
  public Boolean read(ByteBuffer source) {
    return Boolean.TRUE;
  }

  @Override
  public void read(ByteBuffer source, Object storage, int length) {}

  @Override
  public Boolean[] createStorage(int size) {
    return size <= SHARED.length ? SHARED : filled(size);
  }

  private static Boolean[] filled(int size) {
    Boolean[] values = new Boolean[size];
    Arrays.fill(values, true);
    return values;
  }
}
