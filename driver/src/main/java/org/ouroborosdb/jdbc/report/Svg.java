package org.ouroborosdb.jdbc.report;

import java.util.Locale;

/** Writes one SVG picture; every text in it is escaped here. For one thread. */
final class Svg {
  /** Where a text lies about its place. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  private final StringBuilder out = new StringBuilder();

  /** Begins a picture that says what it shows to those who cannot see it. */
  Svg(int width, int height, String shows) {
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 ")
        .append(width)
        .append(' ')
        .append(height)
        .append("\">\n<title>")
        .append(Markup.text(shows))
        .append("</title>\n");
  }

  Svg line(double x1, double y1, double x2, double y2, String style) {
    out.append("<line class=\"").append(style).append('"');
    number("x1", x1);
    number("y1", y1);
    number("x2", x2);
    number("y2", y2);
    out.append("/>\n");
    return this;
  }

  /** Draws a bar, which tells its value to whoever points at it. */
  Svg bar(double x, double y, double width, double height, String style, String tells) {
    out.append("<rect class=\"").append(style).append('"');
    number("x", x);
    number("y", y);
    number("width", Math.max(0, width));
    number("height", Math.max(0, height));
    out.append("><title>").append(Markup.text(tells)).append("</title></rect>\n");
    return this;
  }

  Svg text(double x, double y, Anchor anchor, String style, String text) {
    out.append("<text class=\"").append(style).append('"');
    number("x", x);
    number("y", y);
    out.append(" text-anchor=\"")
        .append(anchor.name().toLowerCase(Locale.ROOT))
        .append("\">")
        .append(Markup.text(text))
        .append("</text>\n");
    return this;
  }

  /** Draws a line through points, x and y in turn. */
  Svg polyline(double[] points, String style) {
    out.append("<polyline class=\"").append(style).append("\" points=\"");
    for (int i = 0; i < points.length; i++) {
      out.append(i == 0 ? "" : " ").append(number(points[i]));
    }
    out.append("\"/>\n");
    return this;
  }

  private void number(String name, double value) {
    out.append(' ').append(name).append("=\"").append(number(value)).append('"');
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** Ends the picture and returns it. */
  String end() {
    return out.append("</svg>\n").toString();
  }
}
