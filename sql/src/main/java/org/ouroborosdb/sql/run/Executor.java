package org.ouroborosdb.sql.run;

import org.apache.calcite.linq4j.Enumerator;

/** Runs a planned query; thread-safe. */
public interface Executor {
  /** Starts it. */
  Enumerator<Object[]> open(RunContext context);
}
