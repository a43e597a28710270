package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** The values of a map that is a set: no bytes, on disk or in memory. */
final class NothingType extends BasicDataType<Boolean> {
  static final NothingType INSTANCE = new NothingType();

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

  /** Returns null: then pages keep no array of values, and a look-up gives null. */
  @Override
  @SuppressWarnings("NullAway") // as MVStore's own type of nothing does
  public Boolean[] createStorage(int size) {
    return null;
  }
}
