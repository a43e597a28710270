package org.ouroborosdb.jdbc.shell;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The process's standard output, which remembers that it could not be written: the stream of the
 * virtual machine forgets why, and a command whose output was lost would end as if all were well.
 */
final class StandardOutput extends OutputStream {
  private final OutputStream out;
  private volatile @Nullable IOException failure;

  private StandardOutput(OutputStream out) {
    this.out = out;
  }

  /** Puts one in the place of {@link System#out}, with the same encoding. */
  static StandardOutput install() {
    StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    String encoding =
        System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    Charset charset = encoding == null ? Charset.defaultCharset() : Charset.forName(encoding);
    System.setOut(new PrintStream(new BufferedOutputStream(output), true, charset));
    return output;
  }

  /**
   * Returns how a command ends that printed here: its own status, or that it failed if what it
   * printed was lost, which is said. A reader that went away, as {@code head} does, has what it
   * wanted.
   */
  int status(int status) {
    System.out.flush();
    IOException lost = failure;
    if (lost == null || isReaderGone(lost)) {
      return status;
    }
    System.err.println("the output could not be written: " + lost.getMessage());
    return status == 0 ? Main.FAILED : status;
  }

  private static boolean isReaderGone(IOException failure) {
    return Objects.requireNonNullElse(failure.getMessage(), "")
        .toLowerCase(Locale.ROOT)
        .contains("pipe");
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      if (failure == null) {
        failure = e;
      }
      throw e;
    }
  }
}
