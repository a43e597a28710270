package org.ouroborosdb.sql.session;

import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.kv.KeySpace;

/** Puts the rows of an INSERT or UPSERT INTO kv. */
final class KeyInserts {
  private KeyInserts() {}

  /**
   * Puts one row.
   *
   * @param row the key as title, its content and metadata
   * @param upsert whether the key may have a value already
   */
  static EventId put(Transaction transaction, NewEvent row, boolean upsert) {
    String key = String.valueOf(row.title());
    if (!upsert && KeySpace.current(transaction.view(), key) != null) {
      throw new SqlException(
          SqlState.KEY_TAKEN, "a key of this INSERT has a value; UPSERT or UPDATE it", null);
    }
    return KeySpace.put(transaction, key, row.content(), row.metadata());
  }
}
