package org.ouroborosdb.examples;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.kv.KeyValue;
import org.ouroborosdb.store.kv.KeyValueStore;

/** Keys and values: put, put over a version one knows, find by prefix, and see what was before. */
public final class KeysAndValues {
  private KeysAndValues() {}

  /** Runs on a new or existing database in the directory given. */
  public static void main(String[] arguments) {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(Path.of(arguments[0])))) {
      KeyValueStore keys = KeyValueStore.of(store);
      EventId first = keys.put("lamp/hall", "off".getBytes(StandardCharsets.UTF_8));
      keys.put("lamp/door", "off".getBytes(StandardCharsets.UTF_8));
      keys.putIf("lamp/hall", first, store.put("on".getBytes(StandardCharsets.UTF_8)), null);
      try {
        keys.putIf("lamp/hall", first, null, "too late");
      } catch (StoreException e) {
        System.out.println(e.code() == ErrorCode.CONFLICT ? "another put came first" : e);
      }
      for (KeyValue each : keys.withPrefix("lamp/")) {
        byte[] value = keys.getBytes(each.key(), 100);
        System.out.println(
            each.key() + " = " + (value == null ? "" : new String(value, StandardCharsets.UTF_8)));
      }
      System.out.println("lamp/hall had " + keys.history("lamp/hall").size() + " values");
    }
  }
}
