package org.ouroborosdb.jdbc;

import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.util.List;
import org.ouroborosdb.sql.ParameterInfo;

/** Describes the parameters of a statement. Immutable. */
final class ParametersMetaData implements ParameterMetaData {
  private final List<ParameterInfo> parameters;

  ParametersMetaData(List<ParameterInfo> parameters) {
    this.parameters = parameters;
  }

  private ParameterInfo at(int parameter) throws SQLException {
    if (parameter < 1 || parameter > parameters.size()) {
      throw Errors.of(
          "07009", "parameter " + parameter + " is not one of 1 to " + parameters.size());
    }
    return parameters.get(parameter - 1);
  }

  @Override
  public int getParameterCount() {
    return parameters.size();
  }

  @Override
  public int isNullable(int parameter) throws SQLException {
    at(parameter);
    return parameterNullable;
  }

  @Override
  public boolean isSigned(int parameter) throws SQLException {
    return JdbcTypes.isNumeric(at(parameter).type());
  }

  @Override
  public int getPrecision(int parameter) throws SQLException {
    return JdbcTypes.precision(at(parameter).type(), at(parameter).precision());
  }

  @Override
  public int getScale(int parameter) throws SQLException {
    return at(parameter).scale();
  }

  @Override
  public int getParameterType(int parameter) throws SQLException {
    return JdbcTypes.number(at(parameter).type());
  }

  @Override
  public String getParameterTypeName(int parameter) throws SQLException {
    return at(parameter).typeName();
  }

  @Override
  public String getParameterClassName(int parameter) throws SQLException {
    return JdbcTypes.javaClass(at(parameter).type()).getName();
  }

  @Override
  public int getParameterMode(int parameter) throws SQLException {
    at(parameter);
    return parameterModeIn;
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrappers.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return Wrappers.isWrapper(this, type);
  }
}
