package org.ouroborosdb.jdbc.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.ouroborosdb.store.SegmentInfo;
import org.ouroborosdb.store.Statistics;
import org.ouroborosdb.store.StorageUse;

/** Draws what was found as one page. For one thread. */
final class ReportPage {
  private static final int MOST_MEDIA_TYPES = 15;
  private static final int MOST_SEGMENTS = 40;

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1d2433;--soft:#5b6477;--rule:#d9dee8;--tile:#f4f6fa;
      --page:#fff;--one:#2f6fde;--two:#a9c4f2;--three:#e08a2b}
      @media(prefers-color-scheme:dark){:root{--ink:#e6e9f0;--soft:#98a2b7;--rule:#343c4d;
      --tile:#1d2330;--page:#12161f;--one:#6ea0ff;--two:#35507f;--three:#f0a95c}}
      body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);
      max-width:940px;margin:2rem auto;padding:0 1rem}
      h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2.2rem 0 .4rem}
      p{color:var(--soft);margin:.2rem 0 .6rem}svg{width:100%;height:auto;display:block}
      .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.6rem;
      margin-top:1rem}.tiles div{background:var(--tile);border-radius:.5rem;padding:.6rem .8rem}
      .tiles b{display:block;font-size:1.25rem}.tiles span{color:var(--soft);font-size:.85rem}
      table{border-collapse:collapse;width:100%}td,th{text-align:right;padding:.2rem .6rem;
      border-bottom:1px solid var(--rule);font-variant-numeric:tabular-nums}
      td:first-child,th:first-child{text-align:left;overflow-wrap:anywhere}
      .axis{stroke:var(--soft)}.grid{stroke:var(--rule)}.tick,.label{fill:var(--soft);
      font-size:12px}.label{fill:var(--ink)}.small{font-size:10px}
      rect.c0{fill:var(--one)}rect.c1{fill:var(--two)}
      .line{fill:none;stroke-width:2}.line.c0{stroke:var(--one)}.line.c1{stroke:var(--two)}
      """;

  private final Appendable out;

  ReportPage(Appendable out) {
    this.out = out;
  }

  /** What a page shows. */
  record Findings(
      String name,
      long madeAt,
      Statistics statistics,
      EventSurvey events,
      List<RootSurvey.Tree> trees,
      List<StorageUse> storage,
      List<SegmentInfo> segments,
      int sampling) {}

  void write(Findings found) throws IOException {
    String title = Markup.text("What " + found.name() + " holds");
    out.append("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>")
        .append("\n<meta charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" ")
        .append("content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n")
        .append("<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>")
        .append(title)
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<h1>")
        .append(title)
        .append("</h1>\n");
    paragraph("OuroborosDB, " + Amounts.time(found.madeAt()) + ".");
    tiles(found);
    growth(found);
    sizes(found.events());
    trees(found);
    mediaTypes(found.events());
    versions(found.events());
    storage(found.storage());
    segments(found.segments());
    out.append("</body>\n</html>\n");
  }

  private void tiles(Findings found) throws IOException {
    Statistics now = found.statistics();
    out.append("<div class=\"tiles\">\n");
    tile("events", Amounts.count(now.events()));
    tile("roots", Amounts.count(now.roots()));
    tile("files in conflict", Amounts.count(found.events().conflicts));
    tile("chunks", Amounts.count(now.chunks()));
    tile("referred to", Amounts.bytes(now.logicalBytes()));
    tile("unique", Amounts.bytes(now.uniqueBytes()));
    tile("stored", Amounts.bytes(now.storedBytes()));
    tile("deduplication", Amounts.ratio(now.logicalBytes(), now.uniqueBytes()));
    tile("compression", Amounts.ratio(now.uniqueBytes(), now.storedBytes()));
    tile(
        now.segments() + (now.segments() == 1 ? " segment" : " segments"),
        Amounts.bytes(now.segmentBytes()));
    tile("index", Amounts.bytes(now.indexBytes()));
    out.append("</div>\n");
  }

  private void tile(String name, String value) throws IOException {
    out.append("<div><b>")
        .append(Markup.text(value))
        .append("</b><span>")
        .append(Markup.text(name))
        .append("</span></div>\n");
  }

  private void growth(Findings found) throws IOException {
    heading("Growth");
    Growth growth = found.events().growth;
    paragraph(
        "All up to a time, by when events say they were made. Stored bytes are counted with the"
            + " first event in the log that refers to them"
            + sampled(found.sampling()));
    chart("Events over time", growth, Amounts::count, line("events", growth.events));
    chart(
        "Bytes over time",
        growth,
        Amounts::bytes,
        line("stored", growth.storedBytes),
        line("referred to", growth.logicalBytes));
  }

  private static LineChart.Line line(String name, long[] added) {
    return new LineChart.Line(name, Growth.sums(added));
  }

  private void chart(
      String title, Growth growth, LongFunction<String> amount, LineChart.Line... lines)
      throws IOException {
    out.append(LineChart.draw(title, List.of(lines), growth.from, growth.to, amount));
  }

  private static String sampled(int each) {
    return each == 1
        ? "."
        : "; estimated from one chunk in "
            + each
            + ", drawn by name, so figures of few chunks are rough.";
  }

  private void sizes(EventSurvey events) throws IOException {
    heading("Sizes of contents");
    paragraph(
        "How many contents have at least as many bytes as written below, and fewer than next.");
    List<ColumnChart.Column> columns = new ArrayList<>();
    for (SizeClasses.SizeClass size : events.contents.classes()) {
      columns.add(
          new ColumnChart.Column(
              Amounts.bytes(size.least()).replace(".0", ""),
              size.count(),
              Amounts.count(size.count()),
              Amounts.count(size.count()) + " contents, " + Amounts.bytes(size.sum())));
    }
    out.append(ColumnChart.draw("Sizes of contents", columns));
  }

  private void trees(Findings found) throws IOException {
    heading("Deduplication by root");
    paragraph(
        "The greatest trees: bytes that they refer to, and dark those that no older root has"
            + sampled(found.sampling()));
    List<RowChart.Row> rows = new ArrayList<>();
    List<List<String>> cells = new ArrayList<>();
    for (RootSurvey.Tree tree : found.trees()) {
      String logical = Amounts.bytes(tree.logicalBytes());
      String unique = Amounts.bytes(tree.uniqueBytes());
      rows.add(
          new RowChart.Row(
              tree.title(), tree.logicalBytes(), tree.uniqueBytes(), unique + " of " + logical));
      cells.add(List.of(tree.title(), Amounts.count(tree.events()), logical, unique));
    }
    out.append(RowChart.draw("Deduplication by root", rows));
    table(List.of("root", "events", "referred to", "new with it"), cells);
  }

  private void mediaTypes(EventSurvey events) throws IOException {
    heading("Media types");
    paragraph("Bytes of contents, every version by itself.");
    List<RowChart.Row> rows = new ArrayList<>();
    for (MediaTypes.MediaType type : events.mediaTypes.greatest(MOST_MEDIA_TYPES)) {
      String shown = Amounts.bytes(type.bytes()) + " in " + Amounts.count(type.count());
      rows.add(new RowChart.Row(type.name(), type.bytes(), type.bytes(), shown));
    }
    out.append(RowChart.draw("Media types by bytes", rows));
  }

  private void versions(EventSurvey events) throws IOException {
    heading("Versions of files");
    paragraph("How many files have so many versions, the first and removals too.");
    List<ColumnChart.Column> columns = new ArrayList<>();
    for (SizeClasses.SizeClass size : events.versions.classes()) {
      long last = 2 * size.least() - 1;
      String name = Amounts.count(size.least());
      columns.add(
          new ColumnChart.Column(
              last > size.least() ? name + " to " + Amounts.count(last) : name,
              size.count(),
              Amounts.count(size.count()),
              Amounts.count(size.count()) + " files, " + Amounts.count(size.sum()) + " versions"));
    }
    out.append(ColumnChart.draw("Versions of files", columns));
  }

  private void storage(List<StorageUse> uses) throws IOException {
    heading("What takes the space");
    List<List<String>> cells = new ArrayList<>();
    for (StorageUse use : uses) {
      cells.add(
          List.of(
              use.kind(),
              Amounts.count(use.records()),
              Amounts.bytes(use.bytes()),
              Amounts.bytes(use.deadBytes())));
    }
    table(List.of("kind", "records", "bytes", "dead"), cells);
  }

  private void segments(List<SegmentInfo> segments) throws IOException {
    heading("Segments");
    int first = Math.max(0, segments.size() - MOST_SEGMENTS);
    paragraph(
        first == 0
            ? "The files of the log."
            : "The youngest files of the log; " + first + " more.");
    List<RowChart.Row> rows = new ArrayList<>();
    for (SegmentInfo segment : segments.subList(first, segments.size())) {
      String shown = Amounts.bytes(segment.bytes()) + (segment.sealed() ? "" : ", still growing");
      rows.add(new RowChart.Row(segment.file(), segment.bytes(), segment.bytes(), shown));
    }
    out.append(RowChart.draw("Segments", rows));
  }

  private void heading(String text) throws IOException {
    out.append("<h2>").append(Markup.text(text)).append("</h2>\n");
  }

  private void paragraph(String text) throws IOException {
    out.append("<p>").append(Markup.text(text)).append("</p>\n");
  }

  private void table(List<String> names, List<List<String>> rows) throws IOException {
    out.append("<table>\n<tr>");
    for (String name : names) {
      out.append("<th>").append(Markup.text(name)).append("</th>");
    }
    out.append("</tr>\n");
    for (List<String> row : rows) {
      out.append("<tr>");
      for (String cell : row) {
        out.append("<td><bdi>").append(Markup.text(cell)).append("</bdi></td>");
      }
      out.append("</tr>\n");
    }
    out.append("</table>\n");
  }
}
