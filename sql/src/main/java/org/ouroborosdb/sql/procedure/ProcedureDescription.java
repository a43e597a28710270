package org.ouroborosdb.sql.procedure;

import java.util.List;
import org.apache.calcite.sql.type.SqlTypeName;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.sql.TableDescription;

/**
 * What is known of a procedure that CALL runs, for catalogues, in the engine's own types.
 * Immutable.
 *
 * @param name its name
 * @param remarks what it does
 * @param arguments its arguments in order; those that may be left out are nullable
 * @param results the columns of the rows it gives; none if it gives a count
 */
public record ProcedureDescription(
    String name,
    String remarks,
    List<TableDescription.Column> arguments,
    List<TableDescription.Column> results) {
  /** Copies the lists. */
  public ProcedureDescription {
    arguments = List.copyOf(arguments);
    results = List.copyOf(results);
  }

  /** Returns all procedures, in order of name. */
  public static List<ProcedureDescription> all() {
    return Procedures.all().stream().map(ProcedureDescription::of).toList();
  }

  private static ProcedureDescription of(Procedure procedure) {
    return new ProcedureDescription(
        procedure.name(),
        procedure.remarks(),
        procedure.arguments().stream()
            .map(each -> column(each.name(), each.type(), !each.required()))
            .toList(),
        procedure.columns().stream().map(each -> column(each.name(), each.type(), false)).toList());
  }

  private static TableDescription.Column column(String name, SqlTypeName type, boolean nullable) {
    return new TableDescription.Column(name, SqlType.valueOf(type.getName()), nullable, false, "");
  }
}
