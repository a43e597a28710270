package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 2 GB of random bytes go in and come out as a stream, in a JVM of 128 MB. */
class BlobOfTwoGigabytesIT {
  private static final long BYTES = 2_000_000_000L;
  private static final long NEEDED = BYTES + (BYTES >> 2);

  @TempDir private Path directory;

  @Test
  void two_gigabytes_stream_through_128_megabytes() throws IOException, InterruptedException {
    long free = Files.getFileStore(directory).getUsableSpace();
    System.out.println("free: " + free + " bytes, needed: " + NEEDED);
    assumeTrue(free > NEEDED, "the disk has too little space for 2 GB");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                BlobOfTwoGigabytesIT.class.getName(),
                directory.resolve("db").toString())
            .inheritIO()
            .start();
    assertEquals(0, process.waitFor());
  }

  /** Writes and reads back; exits with 1 if the bytes differ. */
  public static void main(String[] arguments)
      throws SQLException, IOException, NoSuchAlgorithmException {
    MessageDigest written = MessageDigest.getInstance("SHA-256");
    MessageDigest read = MessageDigest.getInstance("SHA-256");
    try (Connection db = DriverManager.getConnection("jdbc:ouroboros:" + arguments[0])) {
      String id = write(db, new DigestInputStream(new RandomBytes(BYTES), written));
      try (PreparedStatement query =
          db.prepareStatement("SELECT content, length FROM files WHERE id = ?")) {
        query.setString(1, id);
        try (ResultSet rows = query.executeQuery()) {
          rows.next();
          try (InputStream content = rows.getBinaryStream(1)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
              read.update(buffer, 0, n);
            }
          }
        }
      }
    }
    String before = HexFormat.of().formatHex(written.digest());
    String after = HexFormat.of().formatHex(read.digest());
    System.out.println("written " + before + ", read " + after);
    if (!before.equals(after)) {
      System.exit(1);
    }
  }

  private static String write(Connection db, InputStream content) throws SQLException {
    String root;
    try (PreparedStatement insert =
        db.prepareStatement(
            "INSERT INTO roots(title) VALUES ('big')", Statement.RETURN_GENERATED_KEYS)) {
      insert.executeUpdate();
      root = key(insert);
    }
    try (PreparedStatement insert =
        db.prepareStatement(
            "INSERT INTO files(parent, name, content) VALUES (?, 'big', ?)",
            Statement.RETURN_GENERATED_KEYS)) {
      insert.setString(1, root);
      insert.setBinaryStream(2, content);
      insert.executeUpdate();
      return key(insert);
    }
  }

  private static String key(Statement insert) throws SQLException {
    try (ResultSet keys = insert.getGeneratedKeys()) {
      keys.next();
      return keys.getString(1);
    }
  }

  /** A stream of pseudo-random bytes from a fixed seed. */
  private static final class RandomBytes extends InputStream {
    private final Random random = new Random(42);
    private long left;

    RandomBytes(long length) {
      left = length;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int n = (int) Math.min(length, left);
      int at = offset;
      while (at < offset + n) {
        long bits = random.nextLong();
        for (int i = 0; i < Long.BYTES && at < offset + n; i++) {
          target[at++] = (byte) bits;
          bits >>>= Byte.SIZE;
        }
      }
      left -= n;
      return n;
    }
  }
}
