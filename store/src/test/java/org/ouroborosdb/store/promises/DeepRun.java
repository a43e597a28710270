package org.ouroborosdb.store.promises;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A long run in slices: each goes on where the last one of its promise ended, for at most half an
 * hour ({@code -Ddeep.minutes}), and appends what it did to {@code docs/PROMISES.md}.
 */
public final class DeepRun {
  private static final Path PAGE = Path.of("..", "docs", "PROMISES.md");
  private static final int MOST_MINUTES = 30;
  private static final int CELLS = 7;
  private static final int FROM_CELL = 4;

  private final Path page;
  private final String promise;
  private final long seeds;
  private final long unitsPerSeed;

  private DeepRun(Path page, String promise, long seeds, long unitsPerSeed) {
    this.page = page;
    this.promise = promise;
    this.seeds = seeds;
    this.unitsPerSeed = unitsPerSeed;
  }

  /**
   * Plans a run over the seeds 0 to {@code seeds - 1}.
   *
   * @param unitsPerSeed how many of what the promise counts one seed stands for
   */
  public static DeepRun slices(String promise, long seeds, long unitsPerSeed) {
    return new DeepRun(PAGE, promise, seeds, unitsPerSeed);
  }

  /**
   * Plans a run over the bytes of a file, whose digest the rows say: over another file of that name
   * a run begins anew.
   *
   * @param unitsPerByte how many of what the promise counts one byte stands for
   */
  static DeepRun overFile(String promise, byte[] file, long unitsPerByte) {
    CRC32C crc = new CRC32C();
    crc.update(file);
    String over =
        String.format(
            Locale.ROOT, "%s, %d bytes of CRC-32C %08x", promise, file.length, crc.getValue());
    return slices(over, file.length, unitsPerByte);
  }

  /** Returns the same run, whose slices are rows of another page. */
  DeepRun notedIn(Path other) {
    return new DeepRun(other, promise, seeds, unitsPerSeed);
  }

  /**
   * Runs seeds until all are done or the time is up; the first failure ends the slice, and the next
   * slice begins with it.
   */
  public void run(LongConsumer seed) {
    long from = done();
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes());
    long at = from;
    @Nullable Throwable failure = null;
    try {
      while (at < seeds && System.nanoTime() < deadline) {
        seed.accept(at);
        at++;
      }
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      append(from, at, failure == null ? 0 : 1);
    }
  }

  private static int minutes() {
    return Math.min(MOST_MINUTES, Integer.getInteger("deep.minutes", MOST_MINUTES));
  }

  /** Returns where the last slice ended; 0 if there was none, or if it ended the run. */
  private long done() {
    long done = 0;
    for (String line : lines()) {
      String[] cells = line.split("\\|", -1);
      if (cells.length >= CELLS && cells[FROM_CELL - 1].strip().equals(promise)) {
        String seedRange = cells[FROM_CELL].strip();
        done = Long.parseLong(seedRange.substring(seedRange.indexOf("..") + 2));
      }
    }
    return done >= seeds ? 0 : done;
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void append(long from, long to, int failures) {
    String row =
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %d..%d | %d | %d |%n",
            Instant.now().truncatedTo(ChronoUnit.MINUTES),
            commit(),
            promise,
            from,
            to,
            (to - from) * unitsPerSeed,
            failures);
    try {
      Files.writeString(page, row, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String commit() {
    try {
      Process git =
          new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
              .redirectErrorStream(true)
              .start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 ? said : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
