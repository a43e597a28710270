package org.ouroborosdb.store;

import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** The contract in memory. */
class MemoryStoreTest extends EventStoreRulesContract {
  @Override
  EventStore openEmpty() {
    return EmbeddedEventStore.open(StoreOptions.inMemory());
  }
}
