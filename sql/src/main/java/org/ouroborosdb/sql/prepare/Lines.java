package org.ouroborosdb.sql.prepare;

import java.util.List;
import org.apache.calcite.linq4j.Enumerator;

/** Rows of one column that are known beforehand. */
final class Lines implements Enumerator<Object[]> {
  private final List<Object> lines;
  private int at = -1;

  Lines(List<Object> lines) {
    this.lines = lines;
  }

  @Override
  public Object[] current() {
    return new Object[] {lines.get(at)};
  }

  @Override
  public boolean moveNext() {
    return ++at < lines.size();
  }

  @Override
  public void reset() {
    at = -1;
  }

  @Override
  public void close() {}
}
