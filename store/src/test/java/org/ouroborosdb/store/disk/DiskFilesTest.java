package org.ouroborosdb.store.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files behave alike on every disk, and a real one survives the interrupts of its readers. */
class DiskFilesTest {
  @TempDir private Path directory;

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(DiskFile file, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    file.readFully(target, 0);
    return new String(target.array(), StandardCharsets.UTF_8);
  }

  private List<Disk> disks() {
    return List.of(
        new RealDisk(directory), new MemoryDisk(), new CopyOnWriteDisk(new MemoryDisk()));
  }

  @Test
  void reading_ends_with_the_file_and_a_cut_file_is_cut() throws IOException {
    for (Disk disk : disks()) {
      try (DiskFile file = disk.open("f", true)) {
        assertEquals(-1, file.read(ByteBuffer.allocate(1), 0));
        file.write(bytes("hello world"), 0);
        assertEquals(6, file.read(ByteBuffer.allocate(100), 5));
        assertEquals(3, file.read(ByteBuffer.allocate(3), 5));
        assertEquals(0, file.read(ByteBuffer.allocate(0), 5));
        assertEquals(-1, file.read(ByteBuffer.allocate(1), 11));
        file.truncate(50);
        assertEquals(11, file.size());
        file.truncate(5);
        assertEquals("hello", text(file, 5));
        assertThrows(IOException.class, () -> text(file, 6));
        file.force();
      }
      disk.forceDirectory();
    }
  }

  @Test
  void files_that_do_not_exist_are_not_opened_nor_renamed() throws IOException {
    for (Disk disk : disks()) {
      for (Class<? extends IOException> missing : List.of(IOException.class)) {
        assertThrows(missing, () -> disk.open("none", false));
        assertThrows(missing, () -> disk.rename("none", "other"));
      }
      disk.delete("none");
      assertFalse(disk.exists("none"));
    }
    assertThrows(FileNotFoundException.class, () -> new MemoryDisk().open("none", false));
    assertThrows(
        NoSuchFileException.class, () -> new RealDisk(directory).open("none", false).close());
  }

  @Test
  void a_rename_takes_the_place_of_what_was_there() throws IOException {
    for (Disk disk : disks()) {
      for (String name : List.of("a", "b")) {
        try (DiskFile file = disk.open(name, true)) {
          file.write(bytes(name), 0);
        }
      }
      disk.rename("a", "b");
      assertEquals(List.of("b"), disk.list());
      try (DiskFile file = disk.open("b", false)) {
        assertEquals("a", text(file, 1));
      }
      disk.delete("b");
      assertEquals(List.of(), disk.list());
    }
  }

  @Test
  void what_is_written_over_a_disk_is_seen_there_and_not_below() throws IOException {
    Random random = new Random(9);
    MemoryDisk base = new MemoryDisk();
    byte[] below = new byte[200_000];
    random.nextBytes(below);
    base.open("f", true).write(ByteBuffer.wrap(below), 0);
    try (CopyOnWriteDisk disk = new CopyOnWriteDisk(base)) {
      DiskFile file = disk.open("f", false);
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 70_000);
      file.write(ByteBuffer.wrap(new byte[] {4}), 300_000);
      byte[] expected = java.util.Arrays.copyOf(below, 300_001);
      System.arraycopy(new byte[] {1, 2, 3}, 0, expected, 70_000, 3);
      expected[300_000] = 4;
      ByteBuffer all = ByteBuffer.allocate(expected.length);
      file.readFully(all, 0);
      assertArrayEquals(expected, all.array());
      disk.rename("f", "g");
      assertFalse(disk.exists("f"));
      assertEquals(List.of("g"), disk.list());
      disk.open("f", true).write(bytes("new"), 0);
      assertEquals(List.of("f", "g"), disk.list());
    }
  }

  @Test
  void an_interrupt_of_a_reader_is_kept_for_it_and_the_file_goes_on() throws IOException {
    RealDisk disk = new RealDisk(directory);
    try (DiskFile file = disk.open("f", true)) {
      file.write(bytes("hello"), 0);
      Thread.currentThread().interrupt();
      assertEquals("hello", text(file, 5));
      assertTrue(Thread.interrupted());
      assertEquals(5, file.size());
      Thread.currentThread().interrupt();
      file.write(bytes("j"), 0);
      assertTrue(Thread.interrupted());
      assertEquals("jello", text(file, 5));
    }
  }

  @Test
  void a_file_that_was_replaced_is_not_taken_for_the_one_that_was_open() throws IOException {
    RealDisk disk = new RealDisk(directory);
    try (DiskFile file = disk.open("f", true);
        DiskFile other = disk.open("other", true)) {
      file.write(bytes("hello"), 0);
      other.write(bytes("other"), 0);
      disk.rename("other", "f");
      assertEquals("hello", text(file, 5));
      Thread.currentThread().interrupt();
      IOException replaced = assertThrows(IOException.class, () -> text(file, 5));
      assertTrue(Thread.interrupted());
      assertTrue(String.valueOf(replaced.getMessage()).contains("replaced"));
    }
  }

  @Test
  void a_file_that_was_deleted_is_not_made_again_when_it_is_opened_again() throws IOException {
    RealDisk disk = new RealDisk(directory);
    try (DiskFile file = disk.open("f", true)) {
      file.write(bytes("hello"), 0);
      disk.delete("f");
      assertEquals("hello", text(file, 5));
      Thread.currentThread().interrupt();
      assertThrows(NoSuchFileException.class, () -> text(file, 5));
      assertTrue(Thread.interrupted());
      assertFalse(disk.exists("f"));
    }
  }

  @Test
  void a_closed_file_stays_closed() throws IOException {
    DiskFile file = new RealDisk(directory).open("f", true);
    file.close();
    file.close();
    assertThrows(ClosedChannelException.class, file::size);
    assertThrows(ClosedChannelException.class, file::force);
  }
}
