package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.ZipOutputStream;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SFChunk;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** What MVStore writes and reads, over a disk that takes it or does not. */
@SuppressWarnings("NullAway") // no chunk is looked at
class DiskFileStoreTest {
  private static final int BLOCK = ChecksummedFile.BLOCK_BYTES;
  private static final @Nullable SFChunk ANY = null;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final byte[] expected = new byte[12 * BLOCK];
  private final Random random = new Random(51);

  private void write(DiskFileStore store, int firstBlock, int blocks) {
    byte[] bytes = new byte[blocks * BLOCK];
    random.nextBytes(bytes);
    ByteBuffer source = ByteBuffer.wrap(bytes);
    store.writeFully(ANY, (long) firstBlock * BLOCK, source);
    assertFalse(source.hasRemaining());
    System.arraycopy(bytes, 0, expected, firstBlock * BLOCK, bytes.length);
  }

  private void check(DiskFileStore store) {
    for (int at = 0; at < expected.length; at += 1_000) {
      for (int length : new int[] {1, 96, BLOCK, BLOCK + 1, 3 * BLOCK}) {
        if (at + length <= expected.length) {
          assertEquals(
              ByteBuffer.wrap(expected, at, length).slice(), store.readFully(ANY, at, length));
        }
      }
    }
    int end = expected.length;
    assertEquals(ByteBuffer.wrap(expected, end - BLOCK, BLOCK), last(store, end));
  }

  private static ByteBuffer last(DiskFileStore store, int end) {
    return store.readFully(ANY, end - BLOCK, BLOCK);
  }

  @Test
  void blocks_that_the_file_did_not_take_are_read_from_memory_and_others_from_the_file()
      throws IOException {
    DiskFileStore store = new DiskFileStore(disk, "index.mv", 1);
    assertEquals("index.mv", store.getFileName());
    write(store, 0, 10);
    assertEquals(10L * BLOCK, store.size());
    store.serve();
    disk.faults().failChanges(0, Long.MAX_VALUE / 2, "Input/output error");
    write(store, 3, 2);
    write(store, 7, 1);
    write(store, 10, 2);
    assertEquals(12L * BLOCK, store.size());
    assertTrue(store.isLost());
    check(store);
    disk.faults().end();
    write(store, 4, 1);
    check(store);
    MVStoreException lost = assertThrows(MVStoreException.class, store::sync);
    assertTrue(String.valueOf(lost.getMessage()).contains("Input/output error"));
  }

  @Test
  void a_file_that_nothing_serves_yet_says_that_a_write_failed() throws IOException {
    DiskFileStore store = new DiskFileStore(disk, "index.mv", 1);
    write(store, 0, 12);
    disk.faults().failChanges(0, 1, "Input/output error");
    assertThrows(MVStoreException.class, () -> write(store, 3, 1));
    assertFalse(store.isLost());
    write(store, 3, 1);
    check(store);
    store.sync();
    disk.faults().failChanges(0, 1, "Input/output error");
    assertThrows(MVStoreException.class, store::sync);
    assertTrue(store.isLost(), "what a force lost is never trusted again");
  }

  @Test
  void a_file_has_the_length_it_was_cut_to_and_is_opened_with() throws IOException {
    DiskFileStore store = new DiskFileStore(disk, "index.mv", 1);
    write(store, 0, 12);
    store.truncate(5L * BLOCK);
    assertEquals(5L * BLOCK, store.size());
    assertEquals(ChecksummedFile.storedLength(5L * BLOCK), disk.get("index.mv").length);
    DiskFileStore again = new DiskFileStore(disk, "index.mv", 1);
    assertEquals(5L * BLOCK, again.size());
    again.truncate(9L * BLOCK);
    assertEquals(5L * BLOCK, again.size(), "a cut makes nothing longer");
  }

  @Test
  void it_is_opened_by_its_maker_and_never_backed_up() throws IOException {
    DiskFileStore store = new DiskFileStore(disk, "index.mv", 1);
    assertThrows(UnsupportedOperationException.class, () -> store.open("x", false));
    assertThrows(UnsupportedOperationException.class, () -> store.open("x", false, new char[1]));
    ZipOutputStream nowhere = new ZipOutputStream(java.io.OutputStream.nullOutputStream());
    assertThrows(UnsupportedOperationException.class, () -> store.backup(nowhere));
  }
}
