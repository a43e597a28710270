package org.ouroborosdb.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Draws lines over a number of events, both axes logarithmic, as one HTML file with a table. */
final class Chart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 420;
  private static final int LEFT = 70;
  private static final int RIGHT = 300;
  private static final List<String> COLOURS =
      List.of("#1b6ca8", "#d1495b", "#2e8b57", "#edae49", "#6a4c93", "#00798c", "#8d6a4f", "#444");

  private Chart() {}

  static String page(String title, Map<String, Map<Integer, Double>> lines) {
    return "<!doctype html><meta charset=\"utf-8\"><title>"
        + title
        + "</title><style>body{font:14px sans-serif}td,th{padding:2px 12px;text-align:right}"
        + "</style><h1>"
        + title
        + "</h1>"
        + plot(lines)
        + table(lines);
  }

  private static String plot(Map<String, Map<Integer, Double>> lines) {
    double mostX = sizes(lines).last();
    double leastX = sizes(lines).first();
    double most = values(lines).max().orElse(1) * 2;
    double least = Math.max(1e-3, values(lines).min().orElse(1) / 2);
    StringBuilder svg = new StringBuilder();
    svg.append(format("<svg width=\"%d\" height=\"%d\" font-size=\"11\">", WIDTH, HEIGHT));
    for (double tick = Math.pow(10, Math.ceil(Math.log10(least))); tick <= most; tick *= 10) {
      double y = y(tick, least, most);
      svg.append(
          format(
              "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/><text x=\"4\" y=\"%.1f\">%s</text>",
              LEFT, y, WIDTH - RIGHT, y + 4, format("%,.6g", tick).replaceAll("\\.?0+$", "")));
    }
    for (int size : sizes(lines)) {
      svg.append(
          format(
              "<text x=\"%.1f\" y=\"%d\">%,d</text>",
              x(size, leastX, mostX) - 20, HEIGHT - 6, size));
    }
    int number = 0;
    for (Map.Entry<String, Map<Integer, Double>> line : lines.entrySet()) {
      String colour = COLOURS.get(number % COLOURS.size());
      StringBuilder points = new StringBuilder();
      line.getValue()
          .forEach(
              (size, value) -> {
                double x = x(size, leastX, mostX);
                double y = y(value, least, most);
                points.append(format("%.1f,%.1f ", x, y));
                svg.append(
                    format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, colour));
              });
      svg.append(
          format(
              "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>"
                  + "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
              points, colour, WIDTH - RIGHT + 20, 20 + 18 * number++, colour, line.getKey()));
    }
    return svg.append("</svg>").toString();
  }

  private static String table(Map<String, Map<Integer, Double>> lines) {
    StringBuilder table = new StringBuilder("<table><tr><th></th>");
    sizes(lines).forEach(size -> table.append(format("<th>%,d</th>", size)));
    lines.forEach(
        (name, values) -> {
          table.append("</tr><tr><th>").append(name).append("</th>");
          for (int size : sizes(lines)) {
            Double value = values.get(size);
            table.append(value == null ? "<td></td>" : format("<td>%.2f</td>", value));
          }
        });
    return table.append("</tr></table>").toString();
  }

  private static TreeSet<Integer> sizes(Map<String, Map<Integer, Double>> lines) {
    TreeSet<Integer> sizes = new TreeSet<>();
    lines.values().forEach(line -> sizes.addAll(line.keySet()));
    return sizes;
  }

  private static java.util.stream.DoubleStream values(Map<String, Map<Integer, Double>> lines) {
    return lines.values().stream()
        .flatMap(line -> line.values().stream())
        .mapToDouble(Double::doubleValue);
  }

  private static double x(double size, double least, double most) {
    double share = most == least ? 0.5 : Math.log(size / least) / Math.log(most / least);
    return LEFT + 20 + share * (WIDTH - RIGHT - LEFT - 40);
  }

  private static double y(double value, double least, double most) {
    double share = Math.log(Math.max(value, least) / least) / Math.log(most / least);
    return HEIGHT - 30 - share * (HEIGHT - 50);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
