package org.ouroborosdb.sql.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.schema.Function;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.TableFunction;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.fun.SqlLibraryOperatorTableFactory;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.EventSchema;
import org.ouroborosdb.sql.dialect.Dialect;
import org.ouroborosdb.sql.function.ArrayAgg;
import org.ouroborosdb.sql.function.ExtractCalls;

/** The schemas of an engine, and how names in statements are found in them. Thread-safe. */
public final class SqlCatalog {
  public static final String SCHEMA = "ouroboros";

  /** The characters of a text, and as in PostgreSQL the bytes of what is none. */
  private static final SqlFunction LENGTH =
      SqlBasicFunction.create(
          "LENGTH",
          ReturnTypes.INTEGER_NULLABLE,
          OperandTypes.or(OperandTypes.CHARACTER, OperandTypes.BINARY),
          SqlFunctionCategory.NUMERIC);

  private static final SqlOperatorTable LIBRARY =
      SqlLibraryOperatorTableFactory.INSTANCE.getOperatorTable(
          SqlLibrary.STANDARD, SqlLibrary.POSTGRESQL);

  /** The library's functions, but for those that are ours. */
  private static final SqlOperatorTable FUNCTIONS =
      new SqlOperatorTable() {
        @Override
        public void lookupOperatorOverloads(
            SqlIdentifier name,
            @Nullable SqlFunctionCategory category,
            SqlSyntax syntax,
            List<SqlOperator> found,
            SqlNameMatcher matcher) {
          SqlFunction extract = name.isSimple() ? ExtractCalls.named(name.getSimple()) : null;
          if (extract != null) {
            found.add(extract);
          } else if (name.isSimple() && name.getSimple().equalsIgnoreCase(LENGTH.getName())) {
            found.add(LENGTH);
          } else if (name.isSimple()
              && name.getSimple().equalsIgnoreCase(ArrayAgg.INSTANCE.getName())) {
            found.add(ArrayAgg.INSTANCE);
          } else {
            LIBRARY.lookupOperatorOverloads(name, category, syntax, found, matcher);
          }
        }

        @Override
        public List<SqlOperator> getOperatorList() {
          return LIBRARY.getOperatorList();
        }
      };

  private final Dialect.TypeFactory typeFactory = new Dialect.TypeFactory();
  private final EventSchema events;
  private final Schema system;
  private final Schema information;
  private final CalciteSchema root;
  private final Map<String, Integer> tableFunctions = new TreeMap<>();

  public SqlCatalog(EventSchema events) {
    this.events = events;
    this.system = events.system();
    this.information =
        new InformationSchema(
            List.of(
                new InformationSchema.Described(SCHEMA, "BASE TABLE", events),
                new InformationSchema.Described("sys", "SYSTEM TABLE", system)),
            typeFactory);
    this.root = newRoot();
    for (String name : events.getFunctionNames()) {
      for (Function function : events.getFunctions(name)) {
        if (function instanceof TableFunction) {
          tableFunctions.put(name.toLowerCase(Locale.ROOT), function.getParameters().size() - 1);
        }
      }
    }
  }

  /** Returns a new root over the same schemas. */
  public CalciteSchema newRoot() {
    CalciteSchema made = CalciteSchema.createRootSchema(false, false);
    SchemaPlus plus = made.plus();
    plus.add(SCHEMA, events);
    plus.add("sys", system);
    plus.add("information_schema", information);
    return made;
  }

  public CalciteSchema root() {
    return root;
  }

  public Dialect.TypeFactory typeFactory() {
    return typeFactory;
  }

  /**
   * Returns the functions that may stand in FROM without TABLE(..), in lower case, with the place
   * of the moment among their arguments, from 0.
   */
  public Map<String, Integer> tableFunctions() {
    return tableFunctions;
  }

  /** Returns whether our schema has a table. */
  public boolean hasTable(String name) {
    CalciteSchema schema = root.getSubSchema(SCHEMA, false);
    return schema != null && schema.getTable(name, false) != null;
  }

  /** Returns the names of the columns of each table, by the name that a statement gives it. */
  public Map<String, List<String>> tableColumns() {
    Map<String, List<String>> columns = new TreeMap<>();
    describe("", events, columns);
    describe("sys.", system, columns);
    describe("information_schema.", information, columns);
    return columns;
  }

  private void describe(String prefix, Schema schema, Map<String, List<String>> columns) {
    for (String name : schema.tables().getNames(LikePattern.any())) {
      Table table = schema.tables().get(name);
      if (table != null) {
        columns.put(prefix + name, table.getRowType(typeFactory).getFieldNames());
      }
    }
  }

  public CalciteCatalogReader newReader() {
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "false");
    return new CalciteCatalogReader(
        root, List.of(SCHEMA), typeFactory, new CalciteConnectionConfigImpl(properties));
  }

  public SqlValidator newValidator(CalciteCatalogReader reader) {
    return SqlValidatorUtil.newValidator(
        SqlOperatorTables.chain(FUNCTIONS, reader), reader, typeFactory, Dialect.VALIDATOR);
  }
}
