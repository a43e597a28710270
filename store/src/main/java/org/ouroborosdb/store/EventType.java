package org.ouroborosdb.store;

/** The types of event. Immutable; the numbers are part of the format and are never reused. */
public enum EventType {
  /** The root of a tree; has no parent. */
  ROOT(1),
  /** An event under a root or another NORMAL event. */
  NORMAL(2),
  /** A version: the whole new state of the version it replaces. */
  OVERWRITE(3),
  /** A version whose content is stored as a change against that of the version it replaces. */
  PATCH(4),
  /** A version that ends the life of its base; its history stays. */
  REMOVE(5);

  private static final EventType[] BY_NUMBER = {null, ROOT, NORMAL, OVERWRITE, PATCH, REMOVE};

  private final int number;

  EventType(int number) {
    this.number = number;
  }

  /** Returns the number that stands for this type on disk, 1 to 5. */
  public int number() {
    return number;
  }

  /** Returns whether versions may hang under this type as its base: ROOT and NORMAL. */
  public boolean isBase() {
    return this == ROOT || this == NORMAL;
  }

  /** Returns whether this type is a version of a base: OVERWRITE, PATCH and REMOVE. */
  public boolean isVersion() {
    return !isBase();
  }

  /**
   * Returns the type with a number.
   *
   * @throws StoreException {@link ErrorCode#RULE_VIOLATED} if there is none
   */
  public static EventType ofNumber(int number) {
    if (number < 1 || number >= BY_NUMBER.length) {
      throw new StoreException(ErrorCode.RULE_VIOLATED, "event type " + number + " is unknown");
    }
    return BY_NUMBER[number];
  }
}
