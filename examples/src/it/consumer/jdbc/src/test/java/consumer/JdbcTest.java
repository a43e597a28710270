package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcTest {
  @TempDir Path directory;

  @Test
  void a_root_is_stored_and_read_back() throws SQLException {
    String url = "jdbc:ouroboros:" + directory.resolve("db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO roots(title) VALUES ('Papers')");
      try (ResultSet rows = statement.executeQuery("SELECT title FROM roots")) {
        assertTrue(rows.next());
        assertEquals("Papers", rows.getString(1));
      }
    }
  }
}
