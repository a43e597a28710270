package org.ouroborosdb.jdbc.report;

import java.util.List;
import org.ouroborosdb.jdbc.report.Svg.Anchor;

/** Lying bars one below the other, each with a name; a second value lies within the first. */
final class RowChart {
  private static final int WIDTH = 900;
  private static final int ROW = 24;
  private static final int NAMES = 250;
  private static final int VALUES = 190;
  private static final int MOST_CHARS = 36;

  private RowChart() {}

  /** A bar: its name, the value of the whole and of a part of it, and what is written beside. */
  record Row(String name, long value, long part, String shown) {}

  static String draw(String title, List<Row> rows) {
    Svg svg = new Svg(WIDTH, rows.size() * ROW + 4, title);
    long most = Math.max(1, rows.stream().mapToLong(Row::value).max().orElse(1));
    double room = WIDTH - NAMES - VALUES;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      double y = (double) i * ROW;
      double width = (double) row.value() / most * room;
      double part = (double) row.part() / most * room;
      String told = row.name() + ": " + row.shown();
      svg.text(NAMES - 8, y + 16, Anchor.END, "label", Markup.shortened(row.name(), MOST_CHARS));
      svg.bar(NAMES, y + 4, width, ROW - 8, "c1", told);
      svg.bar(NAMES, y + 4, Math.min(part, width), ROW - 8, "c0", told);
      svg.text(NAMES + width + 6, y + 16, Anchor.START, "tick", row.shown());
    }
    return svg.end();
  }
}
