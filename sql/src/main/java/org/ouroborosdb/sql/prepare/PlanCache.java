package org.ouroborosdb.sql.prepare;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bounded map whose least recently used entries leave: the plans of an engine. Thread-safe. */
final class PlanCache<V> {
  private final Map<String, V> plans;

  PlanCache(int maxPlans) {
    plans =
        new LinkedHashMap<>(64, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > maxPlans;
          }
        };
  }

  synchronized @Nullable V find(String text) {
    return plans.get(text);
  }

  synchronized void add(String text, V plan) {
    plans.put(text, plan);
  }

  synchronized int size() {
    return plans.size();
  }
}
