package org.ouroborosdb.jdbc.shell;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ProgressListener;

/** A progress bar on the terminal's error stream; nothing where there is no terminal. */
final class Progress implements ProgressListener, AutoCloseable {
  private static final int UPDATE_MILLIS = 200;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /** Starts a bar that counts MiB. */
  static Progress ofBytes(String task) {
    return of(task, " MiB", 1 << 20);
  }

  /** Starts a bar that counts things. */
  @SuppressWarnings("SystemConsoleNull") // the launcher asks newer JVMs for the old console
  static Progress of(String task, String unit, long unitSize) {
    if (System.console() == null) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit(unit, unitSize)
            .setInitialMax(-1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .build());
  }

  @Override
  public void progress(long done, long total) {
    if (bar != null) {
      bar.maxHint(total);
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
