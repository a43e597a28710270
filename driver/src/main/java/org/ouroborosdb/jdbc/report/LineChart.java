package org.ouroborosdb.jdbc.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.ouroborosdb.jdbc.report.Svg.Anchor;

/** Lines over time, all on one scale from 0. */
final class LineChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 220;
  private static final int LEFT = 80;
  private static final int RIGHT = 12;
  private static final int TOP = 24;
  private static final int BOTTOM = 26;
  private static final int Y_TICKS = 4;
  private static final int X_TICKS = 5;

  private LineChart() {}

  /** A line: its name, and its values at the ends of equal spans. */
  record Line(String name, long[] values) {}

  /** Draws lines between two levels. */
  static String draw(
      String title, List<Line> lines, long from, long to, LongFunction<String> amount) {
    Svg svg = new Svg(WIDTH, HEIGHT, title);
    long most =
        Math.max(
            1, lines.stream().flatMapToLong(line -> Arrays.stream(line.values())).max().orElse(1));
    grid(svg, most, from, to, amount);
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      svg.polyline(points(line.values(), most), "line c" + i);
      svg.bar(LEFT + i * 130.0, 4, 10, 10, "c" + i, line.name());
      svg.text(LEFT + i * 130.0 + 15, 13, Anchor.START, "label", line.name());
    }
    return svg.end();
  }

  private static void grid(Svg svg, long most, long from, long to, LongFunction<String> amount) {
    for (int i = 0; i <= Y_TICKS; i++) {
      double y = y(most * ((double) i / Y_TICKS), most);
      svg.line(LEFT, y, WIDTH - RIGHT, y, i == 0 ? "axis" : "grid");
      svg.text(
          LEFT - 6,
          y + 4,
          Anchor.END,
          "tick",
          amount.apply(most / Y_TICKS * i + most % Y_TICKS * i / Y_TICKS));
    }
    for (int i = 0; i <= X_TICKS; i++) {
      double share = (double) i / X_TICKS;
      double x = LEFT + share * (WIDTH - LEFT - RIGHT);
      Anchor anchor = i == 0 ? Anchor.START : i == X_TICKS ? Anchor.END : Anchor.MIDDLE;
      long level = from + (long) (((double) to - from) * share);
      svg.text(x, HEIGHT - 8, anchor, "tick", Amounts.time(level, to - from));
    }
  }

  /** A line begins at nothing, where its first span does. */
  private static double[] points(long[] values, long most) {
    double[] points = new double[2 * values.length + 2];
    points[0] = LEFT;
    points[1] = y(0, most);
    for (int i = 0; i < values.length; i++) {
      points[2 * i + 2] = LEFT + (i + 1.0) / values.length * (WIDTH - LEFT - RIGHT);
      points[2 * i + 3] = y((double) values[i], most);
    }
    return points;
  }

  private static double y(double value, long most) {
    return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM);
  }
}
