package org.ouroborosdb.store.segment;

/** Is told of damage that a scan of the log finds. */
@FunctionalInterface
public interface DamageListener {
  /**
   * Takes the place and the kind of the damage.
   *
   * @param next where valid records go on
   */
  void damaged(int segment, long offset, long next, String what);
}
