package org.ouroborosdb.sql.prepare;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ParameterInfo;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.catalog.SqlCatalog;
import org.ouroborosdb.sql.dialect.Dialect;
import org.ouroborosdb.sql.dialect.Planning;
import org.ouroborosdb.sql.dialect.Types;
import org.ouroborosdb.sql.message.Failures;
import org.ouroborosdb.sql.message.Hints;
import org.ouroborosdb.sql.plan.DeletePlan;
import org.ouroborosdb.sql.plan.InsertPlan;
import org.ouroborosdb.sql.plan.QueryPlan;
import org.ouroborosdb.sql.plan.QueryPlanner;
import org.ouroborosdb.sql.plan.StatementPlan;
import org.ouroborosdb.sql.plan.TransactionEnd;
import org.ouroborosdb.sql.text.EditedText;
import org.ouroborosdb.sql.text.StatementText;
import org.ouroborosdb.sql.text.Token;
import org.ouroborosdb.store.Cancellation;

/** Turns the text of a statement into a plan, through the cache where it may. Thread-safe. */
public final class Preparer {
  private static final int MAX_PLANS = 512;

  /** Longer texts are planned each time: 512 of these are at most 16 MiB. */
  private static final int MAX_CACHED_CHARACTERS = 16 << 10;

  private static final int MAX_UNTYPED = 64;

  private static final int MAX_TEXT_CHARACTERS = 16 << 20;

  private final SqlCatalog catalog;
  private final QueryPlanner planner;
  private final Hints hints;
  private final PlanCache<StatementPlan> plans = new PlanCache<>(MAX_PLANS);

  /** Texts with parameters for literals that cannot be planned so. */
  private final PlanCache<Boolean> refused = new PlanCache<>(MAX_PLANS);

  public Preparer(SqlCatalog catalog) {
    this.catalog = catalog;
    this.planner = new QueryPlanner(catalog);
    this.hints = new Hints(catalog);
  }

  /**
   * A plan for one statement's text.
   *
   * @param plan the plan, perhaps shared
   * @param slots the sources of the plan's parameters; null if they are the user's, in order
   */
  public record Prepared(StatementPlan plan, @Nullable List<LiteralNormaliser.Slot> slots) {
    public List<ParameterInfo> parameters() {
      List<ParameterInfo> infos = new ArrayList<>();
      List<StatementPlan.ParameterType> types = plan.parameters();
      for (int i = 0; i < types.size(); i++) {
        if (slots == null || slots.get(i).literal() == null) {
          infos.add(types.get(i).info());
        }
      }
      return List.copyOf(infos);
    }
  }

  public Prepared prepare(String sql, Cancellation cancellation) {
    StatementPlan known = plans.find(sql);
    if (known != null) {
      return new Prepared(known, null);
    }
    EditedText text = new EditedText(sql);
    Planning planning = Planning.begin(cancellation);
    try (planning) {
      planning.check();
      if (sql.length() > MAX_TEXT_CHARACTERS) {
        throw new SqlException(
            SqlState.LIMIT, "the statement has over " + MAX_TEXT_CHARACTERS + " characters", null);
      }
      StatementText statement = StatementText.read(sql, catalog.tableFunctions());
      text = statement.text();
      return prepare(sql, statement);
    } catch (Throwable failure) {
      throw Failures.ofPlanning(planning.reason(failure), text, hints);
    }
  }

  private Prepared prepare(String sql, StatementText statement) throws SqlParseException {
    if (statement.kind() == StatementText.Kind.QUERY) {
      LiteralNormaliser.Normalised normalised = LiteralNormaliser.normalise(statement);
      Prepared prepared = normalised == null ? null : prepare(normalised);
      if (prepared != null) {
        return prepared;
      }
    }
    StatementPlan plan = planWithTypes(statement);
    if (sql.length() <= MAX_CACHED_CHARACTERS && plan.shareable() && isReusable(plan)) {
      plans.add(sql, plan);
    }
    return new Prepared(plan, null);
  }

  /** An INSERT of literals alone will hardly be said twice, and would push better plans out. */
  private static boolean isReusable(StatementPlan plan) {
    if (plan instanceof InsertPlan insert) {
      return insert.query() != null || !insert.parameters().isEmpty();
    }
    return true;
  }

  private @Nullable Prepared prepare(LiteralNormaliser.Normalised normalised) {
    String key = "\0" + normalised.text();
    if (key.length() > MAX_CACHED_CHARACTERS) {
      return null;
    }
    StatementPlan plan = plans.find(key);
    if (plan == null) {
      if (refused.find(key) != null) {
        return null;
      }
      try {
        plan = planner.plan(parse(normalised.text()));
      } catch (SqlParseException | RuntimeException e) {
        Planning.poll();
        // The text as typed is planned instead, which gives the error its place if it has one.
        refused.add(key, true);
        return null;
      }
      if (!plan.shareable()) {
        refused.add(key, true);
        return null;
      }
      plans.add(key, plan);
    }
    return normalised.fits(plan.parameters()) ? new Prepared(plan, normalised.slots()) : null;
  }

  /** A parameter whose type nothing tells, as in SELECT ?, is a VARCHAR. */
  private StatementPlan planWithTypes(StatementText statement) throws SqlParseException {
    for (int untyped = 0; ; untyped++) {
      try {
        return plan(statement);
      } catch (CalciteContextException e) {
        Token parameter = untyped < MAX_UNTYPED ? untypedParameter(statement, e) : null;
        if (parameter == null) {
          throw e;
        }
        statement.text().replace(parameter.start(), parameter.end(), "CAST(? AS VARCHAR)");
      }
    }
  }

  private static @Nullable Token untypedParameter(
      StatementText statement, CalciteContextException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (!String.valueOf(cause.getMessage()).contains("Illegal use of dynamic parameter")) {
      return null;
    }
    int at = statement.text().typedOffset(failure.getPosLine(), failure.getPosColumn());
    for (Token token : statement.tokens()) {
      if (token.kind() == Token.Kind.PARAMETER && token.start() == at) {
        return token;
      }
    }
    return null;
  }

  private StatementPlan plan(StatementText statement) throws SqlParseException {
    switch (statement.kind()) {
      case COMMIT:
        return TransactionEnd.COMMIT;
      case ROLLBACK:
        return TransactionEnd.ROLLBACK;
      default:
        break;
    }
    SqlNode node = parse(statement.text().toString());
    if (statement.kind() == StatementText.Kind.EXPLAIN) {
      requireQuery(node, "EXPLAIN");
      return explain(node);
    }
    if (node instanceof SqlInsert insert) {
      return InsertCompiler.compile(insert, parameterCount(statement), catalog, planner);
    }
    if (node instanceof SqlUpdate update) {
      return VersionCompiler.update(update, parameterCount(statement), catalog, planner);
    }
    if (node instanceof SqlDelete delete) {
      String table = InsertCompiler.tableName(delete.getTargetTable());
      return VersionCompiler.takes(table)
          ? VersionCompiler.delete(delete, parameterCount(statement), catalog, planner)
          : delete(delete, table);
    }
    if (node.getKind() == SqlKind.PROCEDURE_CALL) {
      return CallCompiler.compile(node, catalog, planner);
    }
    requireQuery(node, "this");
    return planner.plan(node);
  }

  private static SqlNode parse(String text) throws SqlParseException {
    return SqlParser.create(Planning.reader(text), Dialect.PARSER).parseStmt();
  }

  private static int parameterCount(StatementText statement) {
    return (int) statement.tokens().stream().filter(t -> t.kind() == Token.Kind.PARAMETER).count();
  }

  private static void requireQuery(SqlNode node, String what) {
    if (!node.isA(SqlKind.QUERY)) {
      throw new SqlException(
          SqlState.NOT_SUPPORTED,
          what
              + " is not supported; use SELECT, VALUES, WITH, EXPLAIN <query>, INSERT, UPDATE,"
              + " DELETE or CALL",
          null);
    }
  }

  private QueryPlan explain(SqlNode query) {
    List<Object> lines = new ArrayList<>(planner.explain(query));
    RelDataType type = catalog.typeFactory().text();
    return new QueryPlan(
        List.of(Types.column("plan", type, null, false)),
        List.of(type),
        List.of(),
        context -> new Lines(lines),
        true);
  }

  private DeletePlan delete(SqlDelete delete, String table) {
    if (!catalog.hasTable(table)) {
      throw new SqlException(SqlState.NO_TABLE, "table '" + table + "' not found", null);
    }
    if (!table.equalsIgnoreCase("events")) {
      throw new SqlException(
          SqlState.IMMUTABLE,
          "DELETE FROM "
              + table
              + " is refused: DELETE temporary events FROM events, or files, or keys FROM kv",
          null);
    }
    SqlParserPos pos = delete.getParserPosition();
    SqlNodeList columns =
        SqlNodeList.of(new SqlIdentifier("id", pos), new SqlIdentifier("temporary", pos));
    SqlNode from = delete.getTargetTable();
    if (delete.getAlias() != null) {
      from =
          org.apache.calcite.sql.fun.SqlStdOperatorTable.AS.createCall(
              pos, from, delete.getAlias());
    }
    return new DeletePlan(
        planner.plan(
            new SqlSelect(
                pos,
                null,
                columns,
                from,
                delete.getCondition(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null)));
  }
}
