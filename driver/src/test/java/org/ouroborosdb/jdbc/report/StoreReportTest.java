package org.ouroborosdb.jdbc.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The report says what SQL says, whatever the titles are. */
final class StoreReportTest {
  private static final String HOSTILE =
      "</title><script>alert(1)</script>&amp;\"'\u0000\u0007\u202e\u2028]]><!--\ud83d\ude00\uffff";

  @TempDir private Path directory;
  private Path db = Path.of("");
  private Path page = Path.of("");

  @BeforeEach
  void fill() {
    db = directory.resolve("db");
    page = directory.resolve("page.html");
    Random random = new Random(4);
    byte[] shared = new byte[300_000];
    random.nextBytes(shared);
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(db))) {
      for (int root = 0; root < 30; root++) {
        String title = root == 3 ? HOSTILE : "root " + root;
        EventId top = store.append(NewEvent.root(title).metadata("{\"n\":" + root + "}").build());
        for (int i = 0; i < 3; i++) {
          byte[] own = new byte[(root == 3 ? 400_000 : 1000 * root) + i];
          random.nextBytes(own);
          EventId file =
              store.append(
                  NewEvent.child(top)
                      .title("file " + i)
                      .mediaType(root == 3 ? HOSTILE : "text/t" + root % 20)
                      .content(store.put(i == 0 ? shared : own))
                      .build());
          for (int version = 0; version < root % 4; version++) {
            store.append(NewEvent.overwrite(file).content(store.put(own)).build());
          }
        }
      }
    }
  }

  private Document report() throws Exception {
    try (EventStore store =
        EmbeddedEventStore.open(StoreOptions.at(db).withReadOnly(true).withCreate(false))) {
      StoreReport.write(store, HOSTILE, page, Cancellation.create(), ProgressListener.NONE);
    }
    return parse(page);
  }

  private static Document parse(Path page) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory.newDocumentBuilder().parse(page.toFile());
  }

  private String sql(String query) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:ouroboros:" + db + ";readonly=true");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertTrue(rows.next());
      return rows.getString(1);
    }
  }

  private static List<Element> elements(Document page, String name) {
    NodeList found = page.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  private static String tile(Document page, String name) {
    return elements(page, "div").stream()
        .filter(div -> div.getElementsByTagName("span").getLength() == 1)
        .filter(div -> div.getElementsByTagName("span").item(0).getTextContent().equals(name))
        .map(div -> div.getElementsByTagName("b").item(0).getTextContent())
        .findFirst()
        .orElseThrow();
  }

  private static List<List<String>> rows(Document page, String firstHeading) {
    List<List<String>> rows = new ArrayList<>();
    for (Element table : elements(page, "table")) {
      if (table.getElementsByTagName("th").item(0).getTextContent().equals(firstHeading)) {
        NodeList found = table.getElementsByTagName("tr");
        for (int i = 1; i < found.getLength(); i++) {
          NodeList cells = ((Element) found.item(i)).getElementsByTagName("td");
          rows.add(
              IntStream.range(0, cells.getLength())
                  .mapToObj(cell -> cells.item(cell).getTextContent())
                  .toList());
        }
      }
    }
    return rows;
  }

  /** What the bars of a picture tell. */
  private static List<String> told(Document page, String picture) {
    return elements(page, "svg").stream()
        .filter(svg -> svg.getElementsByTagName("title").item(0).getTextContent().equals(picture))
        .flatMap(
            svg -> {
              NodeList bars = svg.getElementsByTagName("rect");
              return IntStream.range(0, bars.getLength())
                  .mapToObj(i -> bars.item(i).getTextContent());
            })
        .toList();
  }

  @Test
  void its_numbers_are_those_of_sql() throws Exception {
    Document page = report();
    for (String count : List.of("events", "roots", "chunks")) {
      long said = Long.parseLong(sql("SELECT " + count + " FROM sys.statistics"));
      assertEquals(Amounts.count(said), tile(page, count));
    }
    long logical = Long.parseLong(sql("SELECT logical_bytes FROM sys.statistics"));
    long unique = Long.parseLong(sql("SELECT unique_bytes FROM sys.statistics"));
    assertEquals(Amounts.bytes(logical), tile(page, "referred to"));
    assertEquals(Amounts.bytes(unique), tile(page, "unique"));
    List<List<String>> kinds = rows(page, "kind");
    assertEquals(sql("SELECT count(*) FROM sys.storage"), String.valueOf(kinds.size()));
    for (List<String> kind : kinds) {
      String records = sql("SELECT records FROM sys.storage WHERE kind = '" + kind.get(0) + "'");
      assertEquals(Amounts.count(Long.parseLong(records)), kind.get(1), kind.get(0));
    }
    List<String> versions = told(page, "Versions of files");
    String single =
        "SELECT COUNT(*) FROM (SELECT id FROM file_versions GROUP BY id HAVING COUNT(*) = 1) f";
    assertEquals(sql(single) + " files, " + sql(single) + " versions", versions.get(0));
    assertTrue(
        versions.get(2).startsWith(sql(single.replace("= 1", "BETWEEN 4 AND 7")) + " files, "),
        versions::toString);
    String sizes =
        "SELECT COUNT(*) FROM events WHERE content_length >= 262144 AND content_length < 524288";
    List<String> contents = told(page, "Sizes of contents");
    assertTrue(contents.get(contents.size() - 1).startsWith(sql(sizes) + " contents"));
  }

  @Test
  void roots_are_told_apart_and_sum_up_to_all() throws Exception {
    Document page = report();
    List<List<String>> trees = rows(page, "root");
    assertEquals(21, trees.size());
    assertEquals("10 more", trees.get(20).get(0));
    long events = 0;
    for (List<String> tree : trees) {
      events += Long.parseLong(tree.get(1).replace(",", ""));
    }
    assertEquals(sql("SELECT events FROM sys.statistics"), "" + events);
    assertTrue(trees.get(0).get(0).contains("<script>"));
    String title = trees.get(1).get(0);
    String bytes =
        sql(
            "SELECT SUM(content_length) + MAX(CHAR_LENGTH(metadata)) FROM events WHERE root ="
                + " (SELECT id FROM roots WHERE title = '"
                + title
                + "')");
    assertEquals(Amounts.bytes(Long.parseLong(bytes)), trees.get(1).get(2));
  }

  @Test
  void hostile_titles_are_shown_and_do_nothing() throws Exception {
    Document page = report();
    assertEquals(0, elements(page, "script").size());
    String text = Files.readString(this.page);
    assertFalse(text.contains("<script"), "a script");
    assertFalse(text.contains("\u202e") || text.contains("\u2028") || text.contains("\u0007"));
    String rest = text.replaceAll("xmlns=\"http://www.w3.org/[a-z0-9/]+\"", "");
    for (String link : List.of("http:", "https:", "src=", "href=", "url(", "@import")) {
      assertFalse(rest.contains(link), link);
    }
    assertTrue(elements(page, "title").get(0).getTextContent().contains("<script>alert(1)"));
    assertTrue(told(page, "Media types by bytes").toString().contains("<script>alert(1)"));
  }

  @Test
  void an_empty_database_has_a_report_too() throws Exception {
    db = directory.resolve("empty");
    EmbeddedEventStore.open(StoreOptions.at(db)).close();
    Document page = report();
    assertEquals("0", tile(page, "events"));
    assertEquals(List.of(), rows(page, "root"));
  }

  @Test
  void a_cancelled_report_leaves_the_page_as_it_was() throws IOException {
    Files.writeString(page, "before");
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(db))) {
      Cancellation cancelled = Cancellation.create();
      ProgressListener cancels = (done, total) -> cancelled.cancel();
      StoreException stopped =
          assertThrows(
              StoreException.class, () -> StoreReport.write(store, "db", page, cancelled, cancels));
      assertEquals(ErrorCode.CANCELLED, stopped.code());
    }
    assertEquals("before", Files.readString(page));
    try (var files = Files.list(directory)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void a_report_beside_a_writer_writes_nothing_into_the_database() throws Exception {
    try (EventStore writer = EmbeddedEventStore.open(StoreOptions.at(db))) {
      writer.append(NewEvent.root("one more").build());
      assertEquals(sql("SELECT COUNT(*) FROM roots"), tile(report(), "roots"));
      assertEquals("31", tile(parse(page), "roots"));
    }
  }

  @Test
  void a_sample_of_chunks_stands_for_all() throws NoSuchAlgorithmException {
    MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
    SeenChunks all = new SeenChunks(1_000, 1 << 12);
    SeenChunks sample = new SeenChunks(100_000, 1 << 12);
    assertEquals(1, all.weight());
    assertEquals(32, sample.weight());
    long first = 0;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 100_000; i++) {
        ChunkId id = ChunkId.of(sha512.digest(("chunk " + i).getBytes(StandardCharsets.UTF_8)));
        first += sample.isFirst(id) ? sample.weight() : 0;
        if (i < 1_000) {
          assertEquals(round == 0, all.isFirst(id));
        }
      }
    }
    assertTrue(Math.abs(first - 100_000) < 6_000, "estimated as " + first);
  }
}
