package org.ouroborosdb.store.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reader writes stays in memory, and reads as if it were on the disk. */
class CopyOnWriteDiskTest {
  private static final int FILE_BYTES = 150_000;

  private final MemoryDisk base = new MemoryDisk();
  private final byte[] original = new byte[FILE_BYTES];
  private CopyOnWriteDisk disk = new CopyOnWriteDisk(base);

  @BeforeEach
  void fill() throws IOException {
    new Random(2).nextBytes(original);
    base.open("file", true).write(ByteBuffer.wrap(original), 0);
    base.open("other", true).write(ByteBuffer.wrap(new byte[] {7}), 0);
    disk = new CopyOnWriteDisk(base);
  }

  private static byte[] all(Disk of, String name) throws IOException {
    try (DiskFile file = of.open(name, false)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.readFully(bytes, 0);
      return bytes.array();
    }
  }

  @Test
  void random_changes_read_as_those_of_a_real_file_and_leave_it_alone() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("copy on write: seed " + seed);
    Random random = new Random(seed);
    MemoryDisk twin = new MemoryDisk();
    DiskFile expected = twin.open("file", true);
    expected.write(ByteBuffer.wrap(original), 0);
    DiskFile file = disk.open("file", false);
    for (int i = 0; i < 200; i++) {
      if (random.nextInt(4) == 0) {
        long length = random.nextInt(2 * FILE_BYTES);
        if (length < expected.size()) {
          expected.truncate(length);
        }
        file.truncate(length);
      } else {
        byte[] bytes = new byte[random.nextInt(80_000)];
        random.nextBytes(bytes);
        long at = random.nextInt((int) expected.size() + 1);
        expected.write(ByteBuffer.wrap(bytes), at);
        file.write(ByteBuffer.wrap(bytes), at);
      }
      assertEquals(expected.size(), file.size());
      assertArrayEquals(all(twin, "file"), all(disk, "file"));
    }
    assertEquals(-1, file.read(ByteBuffer.allocate(1), file.size()));
    assertArrayEquals(original, all(base, "file"));
  }

  @Test
  void what_is_written_behind_the_end_leaves_zeros_between() throws IOException {
    DiskFile file = disk.open("other", false);
    file.write(ByteBuffer.wrap(new byte[] {1}), 100_000);
    byte[] bytes = all(disk, "other");
    assertEquals(100_001, bytes.length);
    assertEquals(7, bytes[0]);
    assertEquals(0, bytes[1]);
    assertEquals(0, bytes[99_999]);
    assertEquals(1, bytes[100_000]);
    assertArrayEquals(new byte[] {7}, all(base, "other"));
  }

  @Test
  void files_are_made_renamed_and_deleted_in_memory_only() throws IOException {
    disk.open("new", true).write(ByteBuffer.wrap(new byte[] {1, 2}), 0);
    disk.rename("new", "other");
    assertArrayEquals(new byte[] {1, 2}, all(disk, "other"));
    assertEquals(List.of("file", "other"), disk.list());
    disk.rename("file", "moved");
    assertArrayEquals(original, all(disk, "moved"));
    assertFalse(disk.exists("file"));
    assertThrows(FileNotFoundException.class, () -> disk.open("file", false));
    assertEquals(0, disk.open("file", true).size());
    assertTrue(disk.exists("file"));
    disk.delete("moved");
    disk.delete("nothing");
    assertFalse(disk.exists("moved"));
    assertThrows(FileNotFoundException.class, () -> disk.rename("moved", "x"));
    assertEquals(List.of("file", "other"), disk.list());
    assertEquals(List.of("file", "other"), base.list());
    assertArrayEquals(original, all(base, "file"));
    disk.close();
  }
}
