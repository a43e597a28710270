package org.ouroborosdb.calcite;

import java.nio.file.Path;
import java.util.Map;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaFactory;
import org.apache.calcite.schema.SchemaPlus;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/**
 * Opens a store from a Calcite {@code model.json}: operand {@code directory} names its directory,
 * {@code readonly} (true unless false) says how to open it.
 */
public final class EventSchemaFactory implements SchemaFactory {
  /** Creates a factory; called by Calcite. */
  public EventSchemaFactory() {}

  @Override
  public Schema create(SchemaPlus parent, String name, Map<String, Object> operand) {
    Object directory = operand.get("directory");
    if (!(directory instanceof String path)) {
      throw new IllegalArgumentException(
          "the schema '" + name + "' needs the operand 'directory', the path of a database");
    }
    boolean readOnly = !Boolean.FALSE.equals(operand.get("readonly"));
    EventStore store =
        EmbeddedEventStore.open(
            StoreOptions.at(Path.of(path)).withCreate(false).withReadOnly(readOnly));
    Runtime.getRuntime().addShutdownHook(new Thread(store::close, "ouroboros-close"));
    return new EventSchema(store);
  }
}
