package org.ouroborosdb.store.verify;

import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.identity.EventCodec;
import org.ouroborosdb.store.segment.LogRecord;

/** Reads the events in records of the log. Stateless. */
public final class EventRecords {
  private EventRecords() {}

  /**
   * Returns the event of a record, its id computed anew.
   *
   * @throws StoreException {@link ErrorCode#CORRUPT} with segment and offset if it is none, or has
   *     another id than the record's name
   */
  public static Event event(LogRecord record) {
    try {
      return unplaced(record);
    } catch (StoreException e) {
      throw new StoreException(
          e.code(),
          "segment "
              + record.position().place()
              + " is damaged at offset "
              + record.position().offset()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Returns the event of a record; what is wrong with it is said without where it is. */
  static Event unplaced(LogRecord record) {
    byte[] payload = new byte[record.payload().remaining()];
    record.payload().duplicate().get(payload);
    Event event = EventCodec.decodeVerified(payload).event();
    EventId name = EventId.read(record.name().duplicate());
    if (Guard.EVENT_HASH.isOn() && !event.id().equals(name)) {
      throw new StoreException(ErrorCode.CORRUPT, "its name is not the id of event " + event.id());
    }
    return event;
  }
}
