package org.ouroborosdb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.ViewExpanders;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.apache.calcite.tools.RelBuilder;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ColumnInfo;
import org.ouroborosdb.sql.catalog.SqlCatalog;
import org.ouroborosdb.sql.dialect.Types;
import org.ouroborosdb.sql.function.EmptyFrames;
import org.ouroborosdb.sql.run.DirectExecutor;
import org.ouroborosdb.sql.run.EnumerableExecutor;
import org.ouroborosdb.sql.run.Executor;

/** Makes a plan of a parsed query: validate, convert, place content locators, optimise. */
public final class QueryPlanner {
  /**
   * Metadata through reflection: generating code for it costs the first query a third of a second.
   */
  private static final ProxyingMetadataHandlerProvider METADATA =
      new ProxyingMetadataHandlerProvider(DefaultRelMetadataProvider.INSTANCE);

  private final SqlCatalog catalog;

  public QueryPlanner(SqlCatalog catalog) {
    this.catalog = catalog;
  }

  /** Plans a query. */
  public QueryPlan plan(SqlNode query) {
    return physical(query).toPlan();
  }

  /** Returns the lines of a query's plan. */
  public List<String> explain(SqlNode query) {
    return RelOptUtil.toString(physical(query).rel).lines().toList();
  }

  private Physical physical(SqlNode query) {
    AsOfPeriods.complete(query, catalog.tableFunctions());
    Synonyms.rewrite(query);
    PaddedTexts.rewrite(query);
    EmptyFrames.complete(query);
    Map<Integer, StatementPlan.Use> uses = ParameterUses.of(query);
    CalciteCatalogReader reader = catalog.newReader();
    SqlValidator validator = catalog.newValidator(reader);
    SqlNode valid = validator.validate(query);
    RefusedCalls.check(valid, validator);
    RelOptCluster cluster = newCluster();
    SqlToRelConverter converter =
        new SqlToRelConverter(
            ViewExpanders.simpleContext(cluster),
            validator,
            reader,
            cluster,
            StandardConvertletTable.INSTANCE,
            SqlToRelConverter.config()
                .withExpand(false)
                .withTrimUnusedFields(true)
                .withInSubQueryThreshold(Integer.MAX_VALUE));
    RelRoot root = converter.convertQuery(valid, false, true);
    RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(cluster, reader);
    RelNode logical = root.project();
    PlanPhases.Optimised best = PlanPhases.optimise(logical, builder);
    RelDataType row = validator.getValidatedNodeType(valid);
    return new Physical(
        best.rel(),
        best.locators(),
        row,
        ColumnLabels.of(valid, row.getFieldNames()),
        origins(validator, valid),
        parameters(validator, valid, uses));
  }

  private RelOptCluster newCluster() {
    VolcanoPlanner planner = PlanPhases.newVolcano();
    RelOptCluster cluster = RelOptCluster.create(planner, new RexBuilder(catalog.typeFactory()));
    cluster.setMetadataQuerySupplier(Query::new);
    return cluster;
  }

  private static List<@Nullable List<String>> origins(SqlValidator validator, SqlNode valid) {
    return new ArrayList<>(validator.getFieldOrigins(valid));
  }

  /** Types by the index of each parameter, whatever order validation left them in. */
  private static List<StatementPlan.ParameterType> parameters(
      SqlValidator validator, SqlNode valid, Map<Integer, StatementPlan.Use> uses) {
    TreeMap<Integer, RelDataType> types = new TreeMap<>();
    valid.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlDynamicParam param) {
            RelDataType type = validator.getValidatedNodeTypeIfKnown(param);
            if (type != null && type.getSqlTypeName() != SqlTypeName.NULL) {
              types.put(param.getIndex(), type);
            }
            return null;
          }
        });
    List<StatementPlan.ParameterType> out = new ArrayList<>();
    for (Map.Entry<Integer, RelDataType> entry : types.entrySet()) {
      if (entry.getKey() != out.size()) {
        break;
      }
      StatementPlan.Use use = uses.getOrDefault(entry.getKey(), StatementPlan.Use.VALUE);
      out.add(
          new StatementPlan.ParameterType(
              entry.getValue(), use, Types.parameter(entry.getValue())));
    }
    return List.copyOf(out);
  }

  private static final class Query extends RelMetadataQuery {
    Query() {
      super(METADATA);
    }
  }

  private record Physical(
      RelNode rel,
      boolean[] locators,
      RelDataType row,
      List<String> labels,
      List<@Nullable List<String>> origins,
      List<StatementPlan.ParameterType> parameters) {
    QueryPlan toPlan() {
      List<ColumnInfo> columns = new ArrayList<>();
      List<RelDataType> types = new ArrayList<>();
      for (RelDataTypeField field : row.getFieldList()) {
        int i = field.getIndex();
        columns.add(Types.column(labels.get(i), field.getType(), origins.get(i), locators[i]));
        types.add(field.getType());
      }
      boolean recursive = Plans.hasNode(rel, RepeatUnion.class);
      return new QueryPlan(
          List.copyOf(columns), List.copyOf(types), parameters, executor(), !recursive);
    }

    private Executor executor() {
      Executor direct = DirectExecutor.of(rel);
      return direct != null ? direct : EnumerableExecutor.compile((EnumerableRel) rel);
    }
  }
}
