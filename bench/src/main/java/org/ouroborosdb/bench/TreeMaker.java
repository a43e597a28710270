package org.ouroborosdb.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Makes the tree that is stored, of real files: the libraries of one or two Java installations,
 * jars of the local Maven repository, and the files in those jars; some 12,000 files and 580 MB.
 */
final class TreeMaker {
  private static final long TREE_BYTES = 580L << 20;
  private static final long JARS_BYTES = 40L << 20;
  private static final int EDIT_EVERY = 60;
  private static final int EDIT_LONG_EVERY = 4;
  private static final long LONG_BYTES = 1 << 20;
  private static final int REMOVE_EVERY = 300;
  private static final int ADDED = 60;

  private TreeMaker() {}

  /** Makes the tree unless it is there. */
  static void make(Path tree) throws IOException {
    if (Files.exists(tree)) {
      return;
    }
    long bytes = 0;
    int number = 0;
    for (Path home : javaHomes()) {
      bytes += copy(home.resolve("lib"), tree.resolve("java" + ++number));
    }
    long jarBytes = 0;
    for (Path jar : jars()) {
      if (bytes >= TREE_BYTES) {
        break;
      }
      if (jarBytes < JARS_BYTES) {
        jarBytes += copy(jar, tree.resolve("jars").resolve(String.valueOf(jar.getFileName())));
      }
      bytes += unpack(jar, tree.resolve("unpacked").resolve(String.valueOf(jar.getFileName())));
    }
  }

  /** Returns the regular files under a directory, in order of their names. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
    }
  }

  /**
   * Makes the next version of a tree: one file in 60, and one in 4 of those over 1 MiB, gets a
   * small edit; one in 300 goes, and 60 are new.
   */
  static void makeNext(Path tree, Path next, long seed) throws IOException {
    Random random = new Random(seed);
    copy(tree, next);
    for (Path file : files(tree)) {
      Path copy = next.resolve(tree.relativize(file).toString());
      if (random.nextInt(REMOVE_EVERY) == 0) {
        Files.delete(copy);
      } else if (random.nextInt(Files.size(copy) > LONG_BYTES ? EDIT_LONG_EVERY : EDIT_EVERY)
          == 0) {
        edit(copy, random);
      }
    }
    for (int i = 0; i < ADDED; i++) {
      StringBuilder text = new StringBuilder();
      while (text.length() < 20_000) {
        text.append(Integer.toString(random.nextInt(100_000), 36)).append(i % 9 == 0 ? '\n' : ' ');
      }
      Path file = Files.createDirectories(next.resolve("added")).resolve("text-" + i + ".txt");
      Files.writeString(file, text);
    }
  }

  private static void edit(Path file, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length + 1);
    byte[] words = ("edited " + random.nextInt(1000) + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] edited = new byte[bytes.length + words.length];
    System.arraycopy(bytes, 0, edited, 0, at);
    System.arraycopy(words, 0, edited, at, words.length);
    System.arraycopy(bytes, at, edited, at + words.length, bytes.length - at);
    Files.write(file, edited);
  }

  private static List<Path> javaHomes() throws IOException {
    Path own = Path.of(System.getProperty("java.home")).toRealPath();
    List<Path> homes = new ArrayList<>(List.of(own));
    Path parent = own.getParent();
    if (parent != null) {
      try (Stream<Path> others = Files.list(parent)) {
        for (Path other : others.sorted().toList()) {
          Path real = other.toRealPath();
          if (Files.exists(real.resolve("lib/modules")) && !homes.contains(real)) {
            homes.add(real);
          }
        }
      }
    }
    return homes.subList(0, Math.min(2, homes.size()));
  }

  private static List<Path> jars() throws IOException {
    Path repository = Path.of(System.getProperty("user.home"), ".m2", "repository");
    try (Stream<Path> walk = Files.walk(repository)) {
      return walk.filter(p -> p.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** Copies a file or a directory with times and links; returns the bytes. */
  private static long copy(Path from, Path to) throws IOException {
    List<Path> sources;
    try (Stream<Path> walk = Files.walk(from)) {
      sources = walk.toList();
    }
    long bytes = 0;
    Files.createDirectories(to.toAbsolutePath().getParent());
    for (Path source : sources) {
      Path target = to.resolve(from.relativize(source).toString());
      if (source.equals(from) && !Files.isDirectory(from)) {
        target = to;
      }
      if (!Files.exists(source)) {
        continue; // a link into another package
      }
      boolean follow = Files.isSymbolicLink(source) && source.toRealPath().startsWith("/etc");
      if (follow) {
        Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
      } else {
        Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      }
      if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(target)) {
        bytes += Files.size(target);
        Files.setLastModifiedTime(target, Files.getLastModifiedTime(source)); // with nanoseconds
      }
    }
    return bytes;
  }

  private static long unpack(Path jar, Path to) throws IOException {
    long bytes = 0;
    try (InputStream in = Files.newInputStream(jar);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = to.resolve(entry.getName()).normalize();
        if (!entry.isDirectory() && file.startsWith(to) && !Files.exists(file)) {
          Files.createDirectories(file.getParent());
          bytes += Files.copy(zip, file);
        }
      }
    } catch (ZipException | java.nio.file.FileSystemException e) {
      System.out.println("left out: " + jar + ": " + e.getMessage());
    }
    return bytes;
  }
}
