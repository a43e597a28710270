package org.ouroborosdb.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.jdbc.tree.TreeExport;
import org.ouroborosdb.jdbc.tree.TreeImport;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** This project in this process, which earlier rounds have warmed: each step opens and closes. */
final class WarmTool implements TreeTool {
  private @Nullable Path repository;

  @Override
  public String name() {
    return "warm";
  }

  @Override
  public void create(Path path) {
    repository = path;
  }

  private EventStore open() {
    if (repository == null) {
      throw new IllegalStateException("no repository was created");
    }
    return EmbeddedEventStore.open(StoreOptions.at(repository));
  }

  @Override
  public void store(Path tree) throws IOException {
    try (EventStore store = open()) {
      new TreeImport(store, false, Cancellation.create(), ProgressListener.NONE).run(tree, "tree");
    }
  }

  @Override
  public void export(Path tree, Path target) throws IOException {
    try (EventStore store = open();
        Snapshot snapshot = store.snapshot()) {
      new TreeExport(snapshot, Cancellation.create(), ProgressListener.NONE)
          .run(snapshot.roots("tree").first().orElseThrow(), target);
    }
  }

  @Override
  public void verify() {
    try (EventStore store = open()) {
      if (!store.verify(Cancellation.create(), ProgressListener.NONE).isSound()) {
        throw new IllegalStateException("the store is damaged");
      }
    }
  }
}
