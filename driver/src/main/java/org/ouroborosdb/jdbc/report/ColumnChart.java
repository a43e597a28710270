package org.ouroborosdb.jdbc.report;

import java.util.List;
import org.ouroborosdb.jdbc.report.Svg.Anchor;

/** Upright bars side by side, one a class. */
final class ColumnChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 240;
  private static final int TOP = 20;
  private static final int BOTTOM = 30;
  private static final int WIDEST = 90;

  private ColumnChart() {}

  /** A bar: its name below, its value, and what is written above it and told of it. */
  record Column(String name, long value, String shown, String told) {}

  static String draw(String title, List<Column> columns) {
    Svg svg = new Svg(WIDTH, HEIGHT, title);
    long most = Math.max(1, columns.stream().mapToLong(Column::value).max().orElse(1));
    double step = Math.min(WIDEST, (double) WIDTH / Math.max(1, columns.size()));
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      double height = (double) column.value() / most * (HEIGHT - TOP - BOTTOM);
      double y = HEIGHT - BOTTOM - height;
      double middle = (i + 0.5) * step;
      svg.bar(i * step + 2, y, step - 4, height, "c0", column.told());
      svg.text(middle, y - 4, Anchor.MIDDLE, "tick small", column.shown());
      svg.text(middle, HEIGHT - 10, Anchor.MIDDLE, "tick small", column.name());
    }
    svg.line(0, HEIGHT - BOTTOM, WIDTH, HEIGHT - BOTTOM, "axis");
    return svg.end();
  }
}
