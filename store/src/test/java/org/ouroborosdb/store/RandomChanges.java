package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Oracle.Node;

/** Makes random changes in a transaction, and the same in an {@link Oracle}. */
public final class RandomChanges {
  private final Random random;
  private final int largeContentBytes;
  private int titles;

  /** Makes contents of up to some 40 bytes, and one in twenty of the given length. */
  public RandomChanges(Random random, int largeContentBytes) {
    this.random = random;
    this.largeContentBytes = largeContentBytes;
  }

  /** Appends an event or deletes a temporary one. */
  public void change(EventStore store, Transaction transaction, Oracle working) {
    List<Node> temporary = working.where(node -> node.draft.temporary());
    if (!temporary.isEmpty() && random.nextInt(6) == 0) {
      Node top = pick(temporary);
      assertEquals(working.remove(top), transaction.deleteTemporary(List.of(top.id)));
      return;
    }
    Node parent = working.all().isEmpty() ? null : pick(working.all());
    byte[] content = random.nextBoolean() ? bytes() : null;
    NewEvent draft = draft(store, working, parent, content);
    EventId id = transaction.append(draft);
    long level = Objects.requireNonNull(transaction.view().find(id)).level();
    Node above = draft.type() == EventType.ROOT ? null : parent;
    assertTrue(above == null || level > above.level);
    boolean removes = draft.type() == EventType.REMOVE;
    working.add(new Node(id, draft, removes ? null : content, above, level));
  }

  private NewEvent draft(
      EventStore store, Oracle working, @Nullable Node parent, byte @Nullable [] content) {
    NewEvent.Builder builder;
    boolean temporary = random.nextInt(4) == 0;
    if (parent == null || random.nextInt(8) == 0) {
      builder = NewEvent.root("root" + titles++);
    } else {
      temporary |= parent.draft.temporary();
      EventType type = random.nextInt(4) == 0 ? EventType.REMOVE : EventType.OVERWRITE;
      boolean version = parent.draft.type().isVersion() || random.nextInt(3) == 0;
      builder = NewEvent.of(version ? type : EventType.NORMAL, parent.id);
      if (random.nextBoolean()) {
        builder.title("t" + random.nextInt(5));
      }
      List<Node> heads = working.heads(parent.base);
      if (version && random.nextBoolean()) {
        builder.merges(
            heads.stream()
                .filter(node -> node != node.base && node != parent)
                .map(node -> node.id)
                .toList());
      }
      if (version && type == EventType.REMOVE) {
        content = null;
      }
    }
    for (String tag : List.of("a", "b", "ü")) {
      if (random.nextInt(4) == 0) {
        builder.tags(tag);
      }
    }
    if (random.nextInt(3) == 0) {
      builder.metadata("{\"n\":" + random.nextInt(20) + "}");
    }
    if (temporary) {
      builder.temporary(random.nextBoolean() ? (Long) 5L : null);
    }
    return builder.content(content == null ? null : store.put(content)).build();
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(20) == 0 ? largeContentBytes : random.nextInt(40)];
    random.nextBytes(bytes);
    return bytes;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
