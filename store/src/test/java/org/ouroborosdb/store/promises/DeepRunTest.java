package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slices of a long run go on where the last one ended, but only over the same bytes. */
class DeepRunTest {
  @TempDir private Path directory;
  private Path page;

  @BeforeEach
  void a_page_without_rows() throws IOException {
    page = Files.createFile(directory.resolve("page"));
  }

  private List<Long> run(DeepRun planned, long failing) {
    List<Long> seen = new ArrayList<>();
    DeepRun run = planned.notedIn(page);
    if (failing < 0) {
      run.run(seen::add);
      return seen;
    }
    assertThrows(
        IllegalStateException.class,
        () ->
            run.run(
                seed -> {
                  if (seed == failing) {
                    throw new IllegalStateException();
                  }
                  seen.add(seed);
                }));
    return seen;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @Test
  void a_slice_goes_on_with_what_failed_and_a_run_that_ended_begins_again() throws IOException {
    DeepRun run = DeepRun.slices("seeds", 9, 2);
    assertEquals(range(0, 4), run(run, 4));
    assertEquals(range(0, 9), run(DeepRun.slices("other seeds", 9, 1), -1));
    assertEquals(range(4, 9), run(run, -1));
    assertEquals(range(0, 9), run(run, -1));
    List<String> rows = Files.readAllLines(page);
    assertEquals("seeds | 0..4 | 8 | 1 |", said(rows.get(0)));
    assertEquals("seeds | 4..9 | 10 | 0 |", said(rows.get(2)));
  }

  private static String said(String row) {
    return row.substring(row.indexOf("seeds"));
  }

  @Test
  void a_slice_over_a_file_goes_on_only_over_the_same_bytes() throws IOException {
    byte[] bytes = {1, 2, 3, 4, 5};
    assertEquals(range(0, 3), run(DeepRun.overFile("every bit of file", bytes, 8), 3));
    byte[] longer = {1, 2, 3, 4, 5, 6};
    assertEquals(range(0, 4), run(DeepRun.overFile("every bit of file", longer, 8), 4));
    byte[] others = {1, 2, 3, 4, 9};
    assertEquals(range(0, 5), run(DeepRun.overFile("every bit of file", others, 8), -1));
    assertEquals(range(3, 5), run(DeepRun.overFile("every bit of file", bytes, 8), -1));
    assertEquals(range(4, 6), run(DeepRun.overFile("every bit of file", longer, 8), -1));
    String row = Files.readAllLines(page).get(0);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    assertEquals(
        String.format(
            "every bit of file, 5 bytes of CRC-32C %08x | 0..3 | 24 | 1 |", crc.getValue()),
        row.substring(row.indexOf("every")));
  }
}
