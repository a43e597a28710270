package org.ouroborosdb.calcite.scan;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The elements of the iterators that a source's elements give, one after the other. */
public final class Concatenated<S, T> implements Iterator<T> {
  private final Iterator<S> source;
  private final Function<S, Iterator<T>> inner;
  private Iterator<T> current = Collections.emptyIterator();

  /** Asks for the elements of a source's element when those before are used up. */
  public Concatenated(Iterator<S> source, Function<S, Iterator<T>> inner) {
    this.source = source;
    this.inner = inner;
  }

  @Override
  public boolean hasNext() {
    while (!current.hasNext()) {
      if (!source.hasNext()) {
        return false;
      }
      current = inner.apply(source.next());
    }
    return true;
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return current.next();
  }
}
