package org.ouroborosdb.calcite.scan;

import java.util.List;
import org.apache.calcite.rex.RexNode;

/**
 * How a scan finds its rows: through which index, with which values.
 *
 * @param kind the index
 * @param operands the values: literals, parameters, or fields of an outer row
 * @param order the order in which they come
 */
public record AccessPath(Kind kind, List<RexNode> operands, Order order) {
  /** The indexes, and what their operands are. */
  public enum Kind {
    /** Every event, in order of seq; no operands. */
    FULL_SCAN,
    /** Events by id; one or more ids. */
    BY_ID,
    /** Files by the version they show; one or more ids. */
    BY_VERSION,
    /** Events by parent; one or more ids. */
    BY_PARENT,
    /** Events by exact title; one or more titles. */
    BY_TITLE,
    /** Files by path, whatever their root; one or more paths. */
    BY_PATH,
    /** Events by root; one or more ids. */
    BY_ROOT,
    /** The events without a parent; no operands. */
    ROOTS,
    /** Events by the start of their title; what {@link TitleStart} takes. */
    TITLE_PREFIX,
    /** Files by the start of their path; a root's id or NULL, and what {@link TitleStart} takes. */
    PATH_PREFIX,
    /** Events by parent and exact title; an id and a title. */
    BY_PARENT_AND_TITLE,
    /** Files by root and path; an id and a path. */
    BY_ROOT_AND_PATH,
    /** Events by tag; one or more tags. */
    BY_TAG,
    /** Events that have every one of some tags; the tags, of which NULLs ask for nothing. */
    WITH_TAGS,
    /**
     * Events by sequence number; least and greatest, NULL for open. Of several such pairs, as of
     * the other ranges, what lies between the least and the greatest of all.
     */
    SEQ_RANGE,
    /** Events by level; least and greatest, NULL for open. */
    LEVEL_RANGE,
    /** Events by creation time; least and greatest in ms, NULL for open. */
    TIME_RANGE,
    /** An event and its descendants; its id, and the most edges below it or NULL. */
    SUBTREE,
    /** The ancestors of an event; its id. */
    ANCESTORS,
    /** Chunks by hash; one or more hashes. */
    BY_HASH;

    /** Returns whether it finds what lies between a least and a greatest value. */
    public boolean isRange() {
      return this == SEQ_RANGE || this == LEVEL_RANGE || this == TIME_RANGE;
    }
  }

  /** The orders in which a path's rows come. */
  public enum Order {
    /** The index's own. */
    AS_FOUND,
    /** The index's own, backwards; of ordered indexes. */
    BACKWARDS,
    /** By level, of an index that has another order; the first rows soon. */
    BY_LEVEL,
    /** By level, the greatest first. */
    BY_LEVEL_BACKWARDS;

    String text() {
      return (this == BY_LEVEL || this == BY_LEVEL_BACKWARDS ? " BY LEVEL" : "")
          + (isBackwards() ? " DESC" : "");
    }

    boolean isBackwards() {
      return this == BACKWARDS || this == BY_LEVEL_BACKWARDS;
    }
  }

  /** Every row. */
  public static final AccessPath ALL = new AccessPath(Kind.FULL_SCAN, List.of(), Order.AS_FOUND);

  /** Copies the list. */
  public AccessPath {
    operands = List.copyOf(operands);
  }

  /** Creates a path whose rows come as the index has them. */
  public AccessPath(Kind kind, List<RexNode> operands) {
    this(kind, operands, Order.AS_FOUND);
  }

  /** Returns a guess at the rows found, from the size of the table. */
  double estimateRows(double tableRows) {
    return switch (kind) {
      case FULL_SCAN -> tableRows;
      case BY_ID, BY_VERSION, BY_HASH -> operands.size();
      case BY_PARENT_AND_TITLE, BY_ROOT_AND_PATH -> 1;
      case BY_PARENT, BY_TAG, ANCESTORS, BY_TITLE, BY_PATH ->
          Math.min(tableRows, 10.0 * operands.size());
      case WITH_TAGS -> Math.min(tableRows, 10);
      case ROOTS -> Math.max(1, tableRows / 100);
      case TITLE_PREFIX, PATH_PREFIX -> Math.max(1, tableRows / 20);
      case BY_ROOT, SUBTREE -> Math.max(1, tableRows / 10);
      case SEQ_RANGE, LEVEL_RANGE, TIME_RANGE ->
          operands.stream().anyMatch(AccessPath::isBound) ? Math.max(1, tableRows / 4) : tableRows;
    };
  }

  private static boolean isBound(RexNode operand) {
    return !org.apache.calcite.rex.RexLiteral.isNullLiteral(operand);
  }

  @Override
  public String toString() {
    return kind + (operands.isEmpty() ? "" : operands.toString()) + order.text();
  }
}
