package org.ouroborosdb.jdbc.shell;

import picocli.CommandLine.IVersionProvider;

/** Says which version this is, from the jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"OuroborosDB " + (version == null ? "(from classes)" : version)};
  }
}
