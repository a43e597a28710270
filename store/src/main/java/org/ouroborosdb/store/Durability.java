package org.ouroborosdb.store;

/** When an acknowledged commit is forced to the disk. What each may lose, never what it answers. */
public enum Durability {
  /** Before it is acknowledged: power loss loses nothing acknowledged. */
  COMMIT,
  /** At the latest 100 ms later: power loss may lose that time's last commits, in order. */
  INTERVAL,
  /** At a checkpoint and at close: power loss may lose all commits since. */
  NONE
}
