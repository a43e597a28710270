package org.ouroborosdb.jdbc.shell;

import sqlline.Application;
import sqlline.SqlLine;
import sqlline.SqlLineOpts;

/** What the shell says first at a terminal. Public because sqlline makes it by its name. */
public final class Banner extends Application {
  /** Makes the banner. */
  public Banner() {}

  @Override
  public String getInfoMessage() {
    return new Version().getVersion()[0] + "; statements end with ';', !help helps, !quit leaves";
  }

  /** Keeps the options that the command line gave. */
  @Override
  public SqlLineOpts getOpts(SqlLine shell) {
    return shell.getOpts();
  }
}
