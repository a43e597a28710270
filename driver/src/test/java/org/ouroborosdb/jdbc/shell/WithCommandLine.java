package org.ouroborosdb.jdbc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands over a directory of their own, and keeps what the last one printed. */
abstract class WithCommandLine {
  @TempDir Path directory;
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();

  /** The path of a database, which is not made. */
  String db = "";

  @BeforeEach
  final void name() {
    db = directory.resolve("db").toString();
  }

  /** Runs a command; returns its status. */
  final int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  final void succeeds(String message, String... arguments) {
    assertEquals(0, run(arguments), () -> out + "" + err);
    assertTrue(out.toString().contains(message), out::toString);
  }

  /** The command ends with a status, and says why without a stack trace. */
  final void fails(int status, String message, String... arguments) {
    assertEquals(status, run(arguments), () -> out + "" + err);
    assertTrue(err.toString().contains(message), err::toString);
    assertFalse(err.toString().contains("\tat "), err::toString);
  }
}
