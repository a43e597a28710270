package org.ouroborosdb.sql;

import org.apache.calcite.linq4j.Enumerator;

/** Runs a planned query; thread-safe. */
interface Executor {
  /** Starts it. */
  Enumerator<Object[]> open(RunContext context);
}
