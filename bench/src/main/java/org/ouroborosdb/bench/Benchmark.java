package org.ouroborosdb.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Reads beside H2 and SQLite on 200,000 events, and writes beside the bare rate of forced writes.
 *
 * <p>Rounds are interleaved, peer by peer, and medians of the rounds are printed. A different
 * random key is asked for each time. Settings: H2 with OPTIMIZE_REUSE_RESULTS=0, SQLite with WAL;
 * ids are texts of 128 characters everywhere; indexes on parent, root, title and time.
 */
public final class Benchmark {
  private static final int EVENTS = 200_000;
  private static final int TREE = 5_000;
  private static final int ROUNDS = 7;

  private final Map<Peer, Connection> connections = new EnumMap<>(Peer.class);
  private final Map<Peer, Peer.Filled> filled = new EnumMap<>(Peer.class);
  private final Random random = new Random(1);

  private Benchmark() {}

  /** Takes the directory to work in; its files are left there. */
  public static void main(String[] arguments) throws SQLException, IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0])).toRealPath();
    Benchmark benchmark = new Benchmark();
    for (Peer peer : Peer.values()) {
      Connection connection = peer.open(directory);
      benchmark.connections.put(peer, connection);
      long start = System.nanoTime();
      benchmark.filled.put(peer, peer.fill(connection, EVENTS, TREE));
      System.out.printf(
          Locale.ROOT,
          "%-10s filled with %d events in %d ms%n",
          peer,
          EVENTS,
          (System.nanoTime() - start) / 1_000_000);
    }
    benchmark.reads();
    for (Connection connection : benchmark.connections.values()) {
      connection.close();
    }
    writes(directory);
  }

  private void reads() throws SQLException {
    measure("point look-up by id", 20_000, 1);
    measure("children of a parent (8 rows)", 10_000, 8);
    measure("subtree of 5,001 counted", 20, 1);
  }

  private void measure(String name, int calls, int rows) throws SQLException {
    Map<Peer, List<Double>> micros = new EnumMap<>(Peer.class);
    for (int round = 0; round < ROUNDS; round++) {
      for (Peer peer : Peer.values()) {
        double each = time(peer, name, calls, rows);
        micros.computeIfAbsent(peer, p -> new ArrayList<>()).add(each);
      }
    }
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-32s", name));
    for (Peer peer : Peer.values()) {
      line.append(String.format(Locale.ROOT, "%10s %8.2f us", peer, median(micros.get(peer))));
    }
    double ratio = median(micros.get(Peer.OUROBOROS)) / median(micros.get(Peer.H2));
    System.out.println(line + String.format(Locale.ROOT, "   %.2fx H2", ratio));
  }

  private double time(Peer peer, String name, int calls, int rows) throws SQLException {
    Peer.Filled ids = filled.get(peer);
    String sql =
        name.startsWith("point")
            ? peer.pointQuery()
            : rows == 8 ? peer.childrenQuery() : peer.subtreeQuery();
    List<String> keys =
        name.startsWith("point") ? ids.all() : rows == 8 ? ids.families() : ids.roots();
    try (PreparedStatement query = connections.get(peer).prepareStatement(sql)) {
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        query.setString(1, keys.get(random.nextInt(keys.size())));
        int found = 0;
        try (ResultSet result = query.executeQuery()) {
          while (result.next()) {
            result.getString(1);
            found++;
          }
        }
        if (found != rows) {
          throw new IllegalStateException(peer + ": " + found + " rows for " + name);
        }
      }
      return (System.nanoTime() - start) / 1000.0 / calls;
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static void writes(Path directory) throws SQLException, IOException {
    double[] forced = new double[5];
    double[] single = new double[5];
    double[] batched = new double[5];
    try (Connection durable =
            DriverManager.getConnection("jdbc:ouroboros:" + directory.resolve("durable"));
        Connection loose =
            DriverManager.getConnection(
                "jdbc:ouroboros:" + directory.resolve("loose") + ";durability=none")) {
      String root = root(durable);
      String other = root(loose);
      for (int round = 0; round < forced.length; round++) {
        forced[round] = forcedWrites(directory.resolve("forced"));
        single[round] = inserts(durable, root, 1000, 1);
        batched[round] = inserts(loose, other, 200, 100);
      }
    }
    Arrays.sort(forced);
    Arrays.sort(single);
    Arrays.sort(batched);
    System.out.printf(
        Locale.ROOT,
        "durable single inserts %.0f/s, bare forced writes %.0f/s: %.2fx%n"
            + "batches of 100, durability=none: %.0f events/s%n",
        single[2],
        forced[2],
        single[2] / forced[2],
        batched[2]);
  }

  private static String root(Connection db) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO roots(title) VALUES ('bench')", Statement.RETURN_GENERATED_KEYS);
      try (ResultSet keys = statement.getGeneratedKeys()) {
        keys.next();
        return keys.getString(1);
      }
    }
  }

  /** Returns events a second. */
  private static double inserts(Connection db, String root, int calls, int batch)
      throws SQLException {
    try (PreparedStatement insert =
        db.prepareStatement("INSERT INTO events(parent, title) VALUES (?, ?)")) {
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        for (int j = 0; j < batch; j++) {
          insert.setString(1, root);
          insert.setString(2, "event " + i + "." + j);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      return 1e9 * calls * batch / (System.nanoTime() - start);
    }
  }

  /** Returns the rate of appending 300 bytes and forcing them. */
  private static double forcedWrites(Path file) throws IOException {
    int calls = 1000;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(300);
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        channel.write(bytes.clear(), channel.size());
        channel.force(false);
      }
      return 1e9 * calls / (System.nanoTime() - start);
    }
  }
}
