package org.ouroborosdb.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tool that is a program: each step is one process, its start included. */
abstract class CommandTool implements TreeTool {
  private final Path work;
  private @Nullable Path repository;

  CommandTool(Path work) {
    this.work = work;
  }

  /** The tools that are installed; says which are not. */
  static List<TreeTool> installed(Path work) throws IOException, InterruptedException {
    List<TreeTool> tools = new ArrayList<>();
    for (CommandTool tool : List.of(new Command(work), new Restic(work), new Borg(work))) {
      try {
        tool.run(work, tool.version());
        tools.add(tool);
      } catch (IOException e) {
        System.out.println(tool.name() + " is skipped: " + e.getMessage());
      }
    }
    return tools;
  }

  abstract List<String> version();

  Path repository() {
    if (repository == null) {
      throw new IllegalStateException("no repository was created");
    }
    return repository;
  }

  @Override
  public void create(Path path) throws IOException, InterruptedException {
    repository = path;
  }

  void run(Path directory, List<String> command) throws IOException, InterruptedException {
    Path log = work.resolve(name() + ".log");
    ProcessBuilder process = new ProcessBuilder(command).directory(directory.toFile());
    process.redirectErrorStream(true).redirectOutput(log.toFile());
    process
        .environment()
        .putAll(
            Map.of(
                "RESTIC_PASSWORD", "benchmark",
                "RESTIC_CACHE_DIR", work.resolve("restic-cache").toString(),
                "BORG_BASE_DIR", work.resolve("borg-base").toString(),
                "BORG_UNENCRYPTED_REPO_ACCESS_IS_OK", "yes",
                "BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes",
                "LC_ALL", "C.UTF-8"));
    int code = process.start().waitFor();
    if (code != 0) {
      throw new IOException(command + " ended with " + code + ": " + Files.readString(log));
    }
  }

  /** This project's command line; needs the project's directory to be the current one. */
  private static final class Command extends CommandTool {
    private static final Path LAUNCHER = Path.of("ouroboros").toAbsolutePath();

    Command(Path work) {
      super(work);
    }

    @Override
    public String name() {
      return "command";
    }

    @Override
    List<String> version() {
      return ouroboros("--version");
    }

    private static List<String> ouroboros(String... arguments) {
      List<String> command = new ArrayList<>();
      command.add(LAUNCHER.toString());
      command.addAll(List.of(arguments));
      return command;
    }

    @Override
    public void store(Path tree) throws IOException, InterruptedException {
      run(tree, ouroboros("import", repository().toString(), tree.toString(), "--title", "tree"));
    }

    @Override
    public void export(Path tree, Path target) throws IOException, InterruptedException {
      run(tree, ouroboros("export", repository().toString(), "tree", target.toString()));
    }

    @Override
    public void verify() throws IOException, InterruptedException {
      run(repository(), ouroboros("verify", repository().toString()));
    }
  }

  /** restic with its own defaults: zstd, AES, SHA-256. */
  private static final class Restic extends CommandTool {
    Restic(Path work) {
      super(work);
    }

    @Override
    public String name() {
      return "restic";
    }

    @Override
    List<String> version() {
      return List.of("restic", "version");
    }

    private void restic(Path directory, String... arguments)
        throws IOException, InterruptedException {
      List<String> command = new ArrayList<>(List.of("restic", "-q", "-r"));
      command.add(repository().toString());
      command.addAll(List.of(arguments));
      run(directory, command);
    }

    @Override
    public void create(Path path) throws IOException, InterruptedException {
      super.create(path);
      restic(Path.of("/"), "init");
    }

    @Override
    public void store(Path tree) throws IOException, InterruptedException {
      restic(tree, "backup", tree.toString());
    }

    @Override
    public void export(Path tree, Path target) throws IOException, InterruptedException {
      restic(tree, "restore", "latest", "--target", target.toString());
    }

    @Override
    public void verify() throws IOException, InterruptedException {
      restic(Path.of("/"), "check", "--read-data");
    }
  }

  /** borg with zstd level 1 and no encryption. */
  private static final class Borg extends CommandTool {
    private int archives;

    Borg(Path work) {
      super(work);
    }

    @Override
    public String name() {
      return "borg";
    }

    @Override
    List<String> version() {
      return List.of("borg", "--version");
    }

    @Override
    public void create(Path path) throws IOException, InterruptedException {
      super.create(path);
      run(Path.of("/"), List.of("borg", "init", "-e", "none", path.toString()));
    }

    @Override
    public void store(Path tree) throws IOException, InterruptedException {
      String archive = repository() + "::" + ++archives;
      run(tree, List.of("borg", "create", "-C", "zstd,1", archive, tree.toString()));
    }

    @Override
    public void export(Path tree, Path target) throws IOException, InterruptedException {
      Files.createDirectories(target);
      run(target, List.of("borg", "extract", repository() + "::" + archives));
    }

    @Override
    public void verify() throws IOException, InterruptedException {
      run(Path.of("/"), List.of("borg", "check", "--verify-data", repository().toString()));
    }
  }
}
