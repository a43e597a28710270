package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a store should hold, as plain lists: slow, and simple enough to be believed. */
public final class Oracle {
  private static final Comparator<Node> BY_LEVEL =
      Comparator.comparingLong((Node node) -> node.level).thenComparing(node -> node.id);

  /** An event as it was appended. */
  public static final class Node {
    /** The event's id. */
    public final EventId id;

    final NewEvent draft;

    /** Its content; null if it has none. */
    public final byte @Nullable [] content;

    final @Nullable Node parent;
    final Node base;
    final long level;

    Node(EventId id, NewEvent draft, byte @Nullable [] content, @Nullable Node parent, long level) {
      this.id = id;
      this.draft = draft;
      this.content = content;
      this.parent = parent;
      this.base = draft.type().isVersion() && parent != null ? parent.base : this;
      this.level = level;
    }

    boolean isUnder(Node other) {
      return this == other || (parent != null && parent.isUnder(other));
    }
  }

  private final Map<EventId, Node> nodes = new LinkedHashMap<>();
  private final Set<EventId> removed = new HashSet<>();

  /** Returns a copy that goes on by itself. */
  public Oracle copy() {
    Oracle copy = new Oracle();
    copy.nodes.putAll(nodes);
    copy.removed.addAll(removed);
    return copy;
  }

  /** Returns all events in the order they were added. */
  public List<Node> all() {
    return List.copyOf(nodes.values());
  }

  List<Node> where(Predicate<Node> matches) {
    return nodes.values().stream().filter(matches).toList();
  }

  void add(Node node) {
    nodes.put(node.id, node);
  }

  long remove(Node top) {
    List<Node> gone = where(node -> node.isUnder(top));
    gone.forEach(node -> nodes.remove(node.id));
    gone.forEach(node -> removed.add(node.id));
    return gone.size();
  }

  /** Removes what has expired; returns how many nodes that were. */
  public long expire() {
    long count = 0;
    for (Node node : where(each -> each.draft.expiresAt() != null)) {
      count += nodes.containsKey(node.id) ? remove(node) : 0;
    }
    return count;
  }

  List<Node> heads(Node base) {
    List<Node> versions = where(node -> node.base == base);
    Set<EventId> replaced = new HashSet<>();
    for (Node version : versions) {
      if (version != base) {
        replaced.add(Objects.requireNonNull(version.draft.parent()));
        replaced.addAll(version.draft.merges());
      }
    }
    return versions.stream()
        .filter(node -> !replaced.contains(node.id))
        .sorted(BY_LEVEL.reversed())
        .toList();
  }

  /** Compares a whole snapshot. */
  public void check(Snapshot snapshot) {
    assertEquals(nodes.size(), snapshot.eventCount());
    same(all(), snapshot.bySeq(1, Long.MAX_VALUE, false));
    same(all().stream().sorted(BY_LEVEL), snapshot.byLevel(0, Long.MAX_VALUE, false));
    same(all().stream().sorted(BY_LEVEL.reversed()), snapshot.byLevel(0, Long.MAX_VALUE, true));
    same(where(node -> node.parent == null).stream().sorted(BY_LEVEL), snapshot.roots());
    removed.forEach(id -> assertNull(snapshot.find(id)));
    nodes.values().forEach(node -> check(snapshot, node));
    for (String tag : List.of("a", "b", "ü")) {
      same(where(node -> node.draft.tags().contains(tag)), snapshot.tagged(List.of(tag)));
      same(
          where(node -> node.draft.tags().containsAll(List.of("a", tag))),
          snapshot.tagged(List.of("a", tag)));
    }
    for (int i = 0; i < 5; i++) {
      String title = "t" + i;
      same(where(node -> title.equals(node.draft.title())), snapshot.titled(title));
    }
    assertEquals(
        where(node -> node.draft.title() != null && node.draft.title().startsWith("root")).size(),
        snapshot.titledFrom("root").count());
  }

  private void check(Snapshot snapshot, Node node) {
    EventRow row = snapshot.find(node.id);
    assertNotNull(row, () -> "event " + node.id + " is missing");
    assertEquals(node.id, Objects.requireNonNull(snapshot.find(row.seq())).id());
    assertEquals(node.draft.type(), row.type());
    assertEquals(node.draft.parent(), row.parent());
    assertEquals(node.draft.title(), row.title());
    assertEquals(node.draft.mediaType(), row.mediaType());
    assertEquals(node.draft.temporary(), row.temporary());
    assertEquals(node.draft.expiresAt(), row.expiresAt());
    assertEquals(Set.copyOf(node.draft.tags()), Set.copyOf(row.tags()));
    assertEquals(node.level, row.level());
    assertEquals(node.base.id, Objects.requireNonNull(snapshot.find(row.baseSeq())).id());
    assertEquals(node.content == null ? -1 : node.content.length, row.contentLength());
    if (node.content != null) {
      Content content = snapshot.content(row).orElseThrow();
      assertArrayEquals(node.content, content.readAll(Integer.MAX_VALUE));
    }
    assertEquals(Optional.ofNullable(node.draft.metadata()), snapshot.metadata(row));
    checkTree(snapshot, node, row);
  }

  private void checkTree(Snapshot snapshot, Node node, EventRow row) {
    Stream<Node> below = where(each -> each.parent == node).stream().sorted(BY_LEVEL);
    same(below, snapshot.withParent(row.seq()));
    same(
        where(each -> each.parent == node && each.draft.type() == EventType.NORMAL).stream()
            .sorted(BY_LEVEL),
        snapshot.children(row.seq()));
    same(where(each -> each.base == node.base), snapshot.versions(row.seq()));
    same(heads(node.base).stream(), snapshot.heads(row.baseSeq()));
    List<Node> ancestors = new ArrayList<>();
    for (Node at = node.parent; at != null; at = at.parent) {
      ancestors.add(at);
    }
    same(ancestors, snapshot.ancestors(row.seq()));
    assertEquals(ancestors.size(), row.depth());
    Node root = ancestors.isEmpty() ? node : ancestors.get(ancestors.size() - 1);
    assertEquals(root.id, row.root());
    List<Node> subtree = new ArrayList<>();
    walk(node, subtree);
    same(subtree, snapshot.subtree(row.seq(), Integer.MAX_VALUE));
    assertEquals(subtree.size(), snapshot.subtreeCount(row.seq(), Integer.MAX_VALUE));
    if (root == node) {
      same(where(each -> each.isUnder(node)), snapshot.tree(row.seq()));
    }
    Optional<String> effective =
        Stream.concat(Stream.of(node), ancestors.stream())
            .map(each -> each.draft.metadata())
            .filter(Objects::nonNull)
            .findFirst();
    assertEquals(effective, snapshot.effectiveMetadata(row));
  }

  private void walk(Node node, List<Node> into) {
    into.add(node);
    where(each -> each.parent == node).stream()
        .sorted(BY_LEVEL)
        .forEach(child -> walk(child, into));
  }

  private static void same(List<Node> expected, Rows rows) {
    same(expected.stream(), rows);
  }

  private static void same(Stream<Node> expected, Rows rows) {
    assertEquals(expected.map(node -> node.id).toList(), rows.stream().map(EventRow::id).toList());
  }
}
