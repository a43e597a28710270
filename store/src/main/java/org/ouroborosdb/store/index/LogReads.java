package org.ouroborosdb.store.index;

import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.segment.Position;

/** What a snapshot needs of the log: events checked against their ids, and contents. */
public interface LogReads {
  /** Reads the event whose record starts at a position, checked whole. */
  Event event(Position position);

  /** Opens a content; {@code requireOpen} is run before each chunk is read. */
  Content content(StoredContent content, Runnable requireOpen);
}
