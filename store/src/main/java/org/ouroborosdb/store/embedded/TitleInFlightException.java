package org.ouroborosdb.store.embedded;

/**
 * Says that a batch in flight claims the same root title. Whether the title is taken is known once
 * that batch is published or has failed: to refuse before would be an answer that no reader sees.
 */
final class TitleInFlightException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TitleInFlightException() {
    super("a batch in flight claims the title", null, false, false);
  }
}
