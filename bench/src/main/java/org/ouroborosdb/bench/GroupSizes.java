package org.ouroborosdb.bench;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.chunking.Chunker;
import org.ouroborosdb.store.identity.Sha512;

/**
 * What the different chunks of a tree take, and the processor time of compressing them, by the
 * bytes that share a frame and by the parameters of Zstandard. One thread.
 */
public final class GroupSizes {
  private static final int[] FRAME_BYTES = {1, 128 << 10, 256 << 10, 512 << 10, 1 << 20};
  private static final int CHOSEN_BYTES = 1 << 20;
  private static final int WINDOW_LOG = 20;
  private static final int LEAST_MATCH = 5;
  private static final int FAST = 1;
  private static final int DFAST = 2;

  /** Strategy, and logarithms of the tables of short (chain) and long (hash) matches. */
  private static final int[][] PARAMETERS = {
    {FAST, 14, 14},
    {FAST, 15, 15},
    {FAST, 16, 16},
    {DFAST, 13, 14},
    {DFAST, 13, 15},
    {DFAST, 14, 15},
    {DFAST, 15, 16},
  };

  private GroupSizes() {}

  /** Takes the tree. */
  public static void main(String[] arguments) throws IOException {
    List<byte[]> chunks = chunks(Path.of(arguments[0]));
    long bytes = chunks.stream().mapToLong(chunk -> chunk.length).sum();
    System.out.printf(Locale.ROOT, "%,d chunks of %.1f MB%n", chunks.size(), bytes / 1e6);
    for (int frame : FRAME_BYTES) {
      List<byte[]> groups = groups(chunks, frame);
      for (int level = 1; level <= 3; level++) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
          context.setLevel(level);
          measure("frames of " + frame + ", level " + level, context, groups);
        }
      }
    }
    List<byte[]> groups = groups(chunks, CHOSEN_BYTES);
    for (int[] each : PARAMETERS) {
      try (ZstdCompressCtx context = new ZstdCompressCtx()) {
        context.setLevel(1);
        context.setWindowLog(WINDOW_LOG);
        context.setStrategy(each[0]);
        context.setChainLog(each[1]);
        context.setHashLog(each[2]);
        context.setMinMatch(LEAST_MATCH);
        String strategy =
            each[0] == FAST ? "fast " + each[2] : "dfast " + each[1] + " + " + each[2];
        measure(strategy, context, groups);
      }
    }
  }

  private static void measure(String name, ZstdCompressCtx context, List<byte[]> groups) {
    byte[] target = new byte[2 << 20];
    var threads = ManagementFactory.getThreadMXBean();
    long begin = threads.getCurrentThreadCpuTime();
    long stored = 0;
    for (byte[] group : groups) {
      int length = context.compressByteArray(target, 0, target.length, group, 0, group.length);
      stored += Math.min(length, group.length);
    }
    double seconds = (threads.getCurrentThreadCpuTime() - begin) / 1e9;
    System.out.printf(Locale.ROOT, "%-32s %7.1f MB %6.2f s%n", name, stored / 1e6, seconds);
  }

  /** Cuts every file as the store does, and takes each chunk once, in the order of names. */
  private static List<byte[]> chunks(Path tree) throws IOException {
    List<Path> files = TreeMaker.files(tree);
    Set<ChunkId> seen = new HashSet<>();
    List<byte[]> chunks = new ArrayList<>();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      for (int at = 0; at < bytes.length; ) {
        int length = Chunker.cut(bytes, at, bytes.length - at);
        byte[] chunk = Arrays.copyOfRange(bytes, at, at + length);
        if (seen.add(Sha512.chunkId(chunk, 0, chunk.length))) {
          chunks.add(chunk);
        }
        at += length;
      }
    }
    return chunks;
  }

  /** Puts chunks together while they fit into so many bytes; each alone if none fits. */
  private static List<byte[]> groups(List<byte[]> chunks, int most) {
    List<byte[]> groups = new ArrayList<>();
    ByteArrayOutputStream group = new ByteArrayOutputStream();
    for (byte[] chunk : chunks) {
      if (group.size() > 0 && group.size() + chunk.length > most) {
        groups.add(group.toByteArray());
        group.reset();
      }
      group.writeBytes(chunk);
    }
    groups.add(group.toByteArray());
    return groups;
  }
}
