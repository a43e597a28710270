package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Values of any number of longs that are not negative: their count, then each. */
final class LongListType extends BasicDataType<long[]> {
  static final LongListType INSTANCE = new LongListType();

  /** An array's header. */
  private static final int ARRAY_BYTES = 24;

  private LongListType() {}

  @Override
  public int getMemory(long[] list) {
    return ARRAY_BYTES + list.length * Long.BYTES;
  }

  @Override
  public void write(WriteBuffer target, long[] list) {
    target.putVarInt(list.length);
    for (long part : list) {
      target.putVarLong(part);
    }
  }

  @Override
  public long[] read(ByteBuffer source) {
    long[] list = new long[DataUtils.readVarInt(source)];
    for (int i = 0; i < list.length; i++) {
      list[i] = DataUtils.readVarLong(source);
    }
    return list;
  }

  @Override
  public long[][] createStorage(int size) {
    return new long[size][];
  }
}
