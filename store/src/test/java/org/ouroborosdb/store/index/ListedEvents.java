package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Rows;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.segment.Position;

/** Random events put into an index and kept in a map too, with which its answers are compared. */
final class ListedEvents {
  /** For snapshots that are asked for no event and no content. */
  static final LogReads NO_LOG =
      new LogReads() {
        @Override
        public Event event(Position position) {
          throw new AssertionError("read at " + position);
        }

        @Override
        public Content content(StoredContent content, Runnable requireOpen) {
          throw new AssertionError("content opened");
        }
      };

  private static final List<String> TAGS = List.of("a", "b", "é");
  private static final int WRITERS = 3;
  private static final int MOST_CHECKED = 500;

  private final Random random;
  private final TreeMap<Long, IndexedEvent> events = new TreeMap<>();
  private final Set<EventId> removed = new HashSet<>();
  private long lastSeq;
  private long level = 1_000;

  ListedEvents(long seed) {
    random = new Random(seed);
    System.out.println("listed events: seed " + seed);
  }

  ListedEvents copy() {
    ListedEvents copy = new ListedEvents(lastSeq);
    copy.events.putAll(events);
    copy.removed.addAll(removed);
    copy.lastSeq = lastSeq;
    copy.level = level;
    return copy;
  }

  long greatestLevel() {
    return level;
  }

  /** Applies events to the index, a few to a batch, and removals of temporary ones between. */
  void grow(EventIndex index, int count, boolean removals) {
    for (int i = 0; i < count; i++) {
      IndexedEvent event = next();
      index.apply(event);
      events.put(event.seq(), event);
      if (random.nextInt(4) == 0) {
        index.publish();
      }
      if (removals && random.nextInt(60) == 0) {
        remove(index);
      }
    }
    index.publish();
  }

  private void remove(EventIndex index) {
    List<IndexedEvent> temporary = where(event -> event.event().temporary());
    if (!temporary.isEmpty()) {
      IndexedEvent top = temporary.get(random.nextInt(temporary.size()));
      List<Long> gone = new ArrayList<>();
      subtree(top, childrenByParent(), each -> gone.add(each.seq()));
      index.tombstone(top.event().id(), ++lastSeq, gone);
      gone.forEach(seq -> removed.add(Objects.requireNonNull(events.remove(seq)).event().id()));
      index.publish();
    }
  }

  private IndexedEvent next() {
    long seq = ++lastSeq;
    IndexedEvent parent = random.nextInt(40) == 0 ? null : pick();
    Position position = new Position(1 + random.nextInt(3), 64 * seq);
    if (parent == null) {
      Event root = event(EventType.ROOT, null, List.of(), "root" + seq, false);
      return new IndexedEvent(root, seq, 0, seq, seq, 0, position);
    }
    boolean version = parent.event().type().isVersion() || random.nextInt(3) == 0;
    EventType type =
        !version
            ? EventType.NORMAL
            : random.nextInt(4) == 0 ? EventType.REMOVE : EventType.OVERWRITE;
    boolean temporary = parent.event().temporary() || random.nextInt(10) == 0;
    long base = version ? parent.baseSeq() : seq;
    List<EventId> merges = version && random.nextBoolean() ? others(parent) : List.of();
    String title = random.nextBoolean() ? "title ü" + random.nextInt(50) : null;
    Event event = event(type, parent.event().id(), merges, title, temporary);
    return new IndexedEvent(
        event, seq, parent.seq(), parent.rootSeq(), base, parent.depth() + 1, position);
  }

  private @Nullable IndexedEvent pick() {
    Map.Entry<Long, IndexedEvent> entry = events.floorEntry(1 + random.nextLong(lastSeq));
    return entry == null ? null : entry.getValue();
  }

  private List<EventId> others(IndexedEvent parent) {
    long base = parent.baseSeq();
    List<IndexedEvent> chain =
        events.tailMap(base).values().stream().filter(e -> e.baseSeq() == base).toList();
    return heads(base, chain)
        .filter(head -> head.seq() != parent.seq() && head.seq() != parent.baseSeq())
        .limit(2)
        .map(head -> head.event().id())
        .toList();
  }

  private Event event(
      EventType type,
      @Nullable EventId parent,
      List<EventId> merges,
      @Nullable String title,
      boolean temporary) {
    byte[] id = new byte[EventId.BYTES];
    random.nextBytes(id);
    level += random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(1_000);
    return new Event(
        EventId.of(id),
        type,
        new WriterId(7, random.nextInt(WRITERS)),
        level,
        parent,
        merges,
        temporary,
        temporary && random.nextBoolean() ? (Long) level : null,
        random.nextBoolean(),
        title,
        random.nextInt(3) == 0 ? "text/plain" : null,
        TAGS.stream().filter(tag -> random.nextInt(4) == 0).toList(),
        random.nextInt(3) == 0 ? content() : null,
        random.nextBoolean() ? content() : null);
  }

  private StoredContent content() {
    List<ChunkRef> chunks = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      byte[] id = new byte[ChunkId.BYTES];
      random.nextBytes(id);
      chunks.add(new ChunkRef(ChunkId.of(id), 1 + random.nextInt(100_000)));
    }
    return new StoredContent(chunks);
  }

  private List<IndexedEvent> where(Predicate<IndexedEvent> matches) {
    return events.values().stream().filter(matches).toList();
  }

  private Map<Long, List<IndexedEvent>> childrenByParent() {
    Map<Long, List<IndexedEvent>> children = new HashMap<>();
    events
        .values()
        .forEach(e -> children.computeIfAbsent(e.parentSeq(), key -> new ArrayList<>()).add(e));
    children.values().forEach(list -> list.sort(BY_LEVEL_AND_ID));
    return children;
  }

  private Map<Long, List<IndexedEvent>> versionsByBase() {
    Map<Long, List<IndexedEvent>> versions = new HashMap<>();
    events
        .values()
        .forEach(e -> versions.computeIfAbsent(e.baseSeq(), key -> new ArrayList<>()).add(e));
    return versions;
  }

  private static final Comparator<IndexedEvent> BY_LEVEL =
      Comparator.comparingLong((IndexedEvent e) -> e.event().level())
          .thenComparingLong(IndexedEvent::seq);

  private static final Comparator<IndexedEvent> BY_LEVEL_AND_ID =
      Comparator.comparingLong((IndexedEvent e) -> e.event().level())
          .thenComparing(e -> e.event().id());

  private static Stream<IndexedEvent> heads(long base, List<IndexedEvent> versions) {
    Set<EventId> replaced = new HashSet<>();
    for (IndexedEvent version : versions) {
      if (version.seq() != base) {
        replaced.add(Objects.requireNonNull(version.event().parent()));
        replaced.addAll(version.event().merges());
      }
    }
    return versions.stream()
        .filter(version -> !replaced.contains(version.event().id()))
        .sorted(
            Comparator.comparingLong((IndexedEvent e) -> e.event().level())
                .thenComparing(e -> e.event().id())
                .reversed());
  }

  private void subtree(
      IndexedEvent top,
      Map<Long, List<IndexedEvent>> children,
      java.util.function.Consumer<IndexedEvent> each) {
    each.accept(top);
    children.getOrDefault(top.seq(), List.of()).forEach(child -> subtree(child, children, each));
  }

  /** Compares every list a snapshot gives, and what it says of each event, or of some of many. */
  void check(IndexSnapshot snapshot) {
    assertEquals(events.size(), snapshot.eventCount());
    Collection<IndexedEvent> all = events.values();
    same(all.stream(), snapshot.bySeq(0, Long.MAX_VALUE, false));
    same(all.stream().sorted(BY_LEVEL), snapshot.byLevel(0, level, false));
    same(all.stream().sorted(BY_LEVEL.reversed()), snapshot.byLevel(0, level, true));
    removed.forEach(id -> assertNull(snapshot.find(id)));
    for (String tag : TAGS) {
      same(where(e -> e.event().tags().contains(tag)).stream(), snapshot.tagged(List.of(tag)));
    }
    for (int i = 0; i < 5; i++) {
      String title = "title ü" + i;
      same(where(e -> title.equals(e.event().title())).stream(), snapshot.titled(title));
      assertEquals(
          where(e -> e.event().title() != null && e.event().title().startsWith(title)).size(),
          snapshot.titledFrom(title).count());
    }
    Map<Long, List<IndexedEvent>> children = childrenByParent();
    Map<Long, List<IndexedEvent>> versions = versionsByBase();
    same(children.getOrDefault(0L, List.of()).stream(), snapshot.roots());
    long every = 1L + all.size() / MOST_CHECKED;
    long from = random.nextLong(every);
    all.stream()
        .filter(event -> event.seq() % every == from)
        .forEach(event -> check(snapshot, event, children, versions));
  }

  private void check(
      IndexSnapshot snapshot,
      IndexedEvent indexed,
      Map<Long, List<IndexedEvent>> children,
      Map<Long, List<IndexedEvent>> versions) {
    long seq = indexed.seq();
    checkRow(indexed, Objects.requireNonNull(snapshot.find(indexed.event().id())));
    same(children.getOrDefault(seq, List.of()).stream(), snapshot.withParent(seq));
    List<IndexedEvent> chain = versions.getOrDefault(indexed.baseSeq(), List.of());
    same(chain.stream(), snapshot.versions(seq));
    List<EventId> heads = heads(indexed.baseSeq(), chain).map(e -> e.event().id()).toList();
    assertEquals(heads, snapshot.heads(seq).stream().map(EventRow::id).toList());
    assertEquals(heads.get(0), Objects.requireNonNull(snapshot.winner(seq)).id());
    if (indexed.depth() == 0) {
      List<IndexedEvent> below = new ArrayList<>();
      subtree(indexed, children, below::add);
      same(below.stream(), snapshot.subtree(seq, Integer.MAX_VALUE));
      same(below.stream().sorted(Comparator.comparing(IndexedEvent::seq)), snapshot.tree(seq));
      assertEquals(below.size(), snapshot.subtreeCount(seq, Integer.MAX_VALUE));
    }
  }

  private static void checkRow(IndexedEvent indexed, EventRow row) {
    Event event = indexed.event();
    assertEquals(indexed.seq(), row.seq());
    assertEquals(event.type(), row.type());
    assertEquals(event.writer(), row.writer());
    assertEquals(event.level(), row.level());
    assertEquals(event.parent(), row.parent());
    assertEquals(indexed.parentSeq(), row.parentSeq());
    assertEquals(indexed.rootSeq(), row.rootSeq());
    assertEquals(indexed.baseSeq(), row.baseSeq());
    assertEquals(indexed.depth(), row.depth());
    assertEquals(event.merges(), row.merges());
    assertEquals(event.temporary(), row.temporary());
    assertEquals(event.expiresAt(), row.expiresAt());
    assertEquals(event.fullTextSearch(), row.fullTextSearch());
    assertEquals(event.title(), row.title());
    assertEquals(event.mediaType(), row.mediaType());
    assertEquals(event.tags(), row.tags());
    assertEquals(event.metadata(), row.metadata());
    assertEquals(event.content(), row.content());
    assertEquals(event.content() == null ? -1 : event.content().length(), row.contentLength());
    assertEquals(indexed.position(), ((IndexRow) row).position());
  }

  private static void same(Stream<IndexedEvent> expected, Rows rows) {
    assertEquals(
        expected.map(IndexedEvent::seq).toList(), rows.stream().map(EventRow::seq).toList());
  }
}
