package org.ouroborosdb.store.index;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.Page;
import org.h2.mvstore.RootReference;
import org.h2.mvstore.type.DataType;

/**
 * A map that takes many keys at once in their order: those of one page cost one copy of it and of
 * the pages above it, where a put makes these copies for each. At its end it fills pages, where
 * puts leave halves. One thread puts at a time.
 */
final class SortedMap<K, V> extends MVMap<K, V> {
  /** A reference to a child, and what is counted for it. */
  private static final int CHILD_BYTES = 64;

  private static final int POINTER_BYTES = 8;

  private SortedMap(java.util.Map<String, Object> config, DataType<K> keys, DataType<V> values) {
    super(config, keys, values);
  }

  static <K, V> SortedMap<K, V> open(
      MVStore store, String name, DataType<K> keys, DataType<V> values) {
    return store.openMap(name, new Opening<K, V>().keyType(keys).valueType(values));
  }

  private static final class Opening<K, V> extends BasicBuilder<SortedMap<K, V>, K, V> {
    @Override
    protected SortedMap<K, V> create(java.util.Map<String, Object> config) {
      return new SortedMap<>(config, getKeyType(), getValueType());
    }
  }

  /** Returns whether a key is in the map, also where values are nothing. */
  boolean has(K key) {
    K found = ceilingKey(key);
    return found != null && getKeyType().compare(found, key) == 0;
  }

  /**
   * Puts keys in ascending order, with their values where the map is no set.
   *
   * @param afterEach is called after each page
   */
  void putSorted(List<K> keys, IntFunction<V> values, Runnable afterEach) {
    for (int next = 0; next < keys.size(); ) {
      int done = fillOnePage(keys, values, next);
      if (done == next) {
        if (!isSet() || !has(keys.get(next))) {
          put(keys.get(next), values.apply(next)); // splits the page
        }
        done++;
      }
      next = done;
      afterEach.run();
    }
  }

  /** Returns whether values are nothing, for which pages have no place. */
  private boolean isSet() {
    return getValueType() instanceof NothingType;
  }

  /** A page that is not a leaf on the way to a key, and which of its children lies on it. */
  private record Step<K, V>(Page<K, V> page, int child) {}

  /** Puts what has room in one page, and returns how far it came. */
  private int fillOnePage(List<K> keys, IntFunction<V> values, int from) {
    beforeWrite();
    RootReference<K, V> root = getRoot();
    List<Step<K, V>> path = new ArrayList<>();
    Page<K, V> old = root.root;
    K end = null; // the first key of the next page
    while (!old.isLeaf()) {
      int at = place(old, keys.get(from));
      int child = at < 0 ? -at - 1 : at + 1;
      end = child < old.getKeyCount() ? old.getKey(child) : end;
      path.add(new Step<>(old, child));
      old = old.getChildPage(child);
    }
    Page<K, V> leaf = old.copy();
    int done = fill(leaf, keys, values, from, end == null ? keys.size() : below(keys, from, end));
    if (done > from) {
      return replace(root, path, old, leaf) ? done : from;
    }
    boolean last = end == null && place(leaf, keys.get(from)) == -leaf.getKeyCount() - 1;
    if (!last || path.isEmpty() || !hasRoom(path.get(path.size() - 1).page(), keys.get(from))) {
      return from;
    }
    leaf = createEmptyLeaf();
    done = fill(leaf, keys, values, from, keys.size());
    return done > from && append(root, path, old, leaf) ? done : from;
  }

  private int below(List<K> keys, int from, K end) {
    int to = from;
    while (to < keys.size() && getKeyType().compare(keys.get(to), end) < 0) {
      to++;
    }
    return to;
  }

  private int fill(Page<K, V> leaf, List<K> keys, IntFunction<V> values, int from, int to) {
    for (int next = from; next < to; next++) {
      int at = place(leaf, keys.get(next));
      if (at >= 0) {
        if (!isSet()) {
          leaf.setValue(at, values.apply(next));
        }
      } else {
        V value = values.apply(next);
        long bytes =
            (long) getKeyType().getMemory(keys.get(next))
                + getValueType().getMemory(value)
                + 2 * POINTER_BYTES;
        if (leaf.getKeyCount() >= store.getKeysPerPage()
            || (leaf.getMemory() + bytes > store.getMaxPageSize() && leaf.getKeyCount() > 0)) {
          return next;
        }
        leaf.insertLeaf(-at - 1, keys.get(next), value);
      }
    }
    return to;
  }

  /** Returns where a key is in a page, as a binary search says it. */
  private int place(Page<K, V> page, K key) {
    int low = 0;
    int high = page.getKeyCount() - 1;
    int at = high; // where keys ascend
    while (low <= high) {
      int order = getKeyType().compare(key, page.getKey(at));
      if (order == 0) {
        return at;
      }
      low = order > 0 ? at + 1 : low;
      high = order < 0 ? at - 1 : high;
      at = (low + high) >>> 1;
    }
    return -low - 1;
  }

  private boolean hasRoom(Page<K, V> parent, K key) {
    return parent.getKeyCount() < store.getKeysPerPage()
        && parent.getMemory() + getKeyType().getMemory(key) + CHILD_BYTES < store.getMaxPageSize();
  }

  private boolean replace(
      RootReference<K, V> root, List<Step<K, V>> path, Page<K, V> old, Page<K, V> leaf) {
    return replaceAbove(root, path, path.size(), old, leaf, 0);
  }

  /** Adds a leaf behind the last one. */
  private boolean append(
      RootReference<K, V> root, List<Step<K, V>> path, Page<K, V> last, Page<K, V> leaf) {
    int depth = path.size() - 1;
    Step<K, V> step = path.get(depth);
    Page<K, V> parent = step.page().copy();
    parent.setChild(step.child(), leaf);
    parent.insertNode(step.child(), leaf.getKey(0), last);
    return replaceAbove(root, path, depth, step.page(), parent, leaf.getMemory());
  }

  /** Puts a page in the place of one below a path; false if something else came between. */
  private boolean replaceAbove(
      RootReference<K, V> root,
      List<Step<K, V>> path,
      int depth,
      Page<K, V> old,
      Page<K, V> page,
      int unsaved) {
    Page<K, V> top = page;
    int memory = unsaved + page.getMemory();
    for (int i = depth - 1; i >= 0; i--) {
      Page<K, V> parent = path.get(i).page().copy();
      parent.setChild(path.get(i).child(), top);
      memory += parent.getMemory();
      top = parent;
    }
    if (!updateRoot(root, top, 1)) {
      return false;
    }
    memory += removed(old, root.version);
    for (int i = depth - 1; i >= 0; i--) {
      memory += removed(path.get(i).page(), root.version);
    }
    registerUnsavedMemory(memory);
    return true;
  }

  private static int removed(Page<?, ?> page, long version) {
    return page.removePage(version);
  }
}
