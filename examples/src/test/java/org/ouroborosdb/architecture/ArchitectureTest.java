package org.ouroborosdb.architecture;

import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The modules' arrows, doors and null marks, as the compiled classes show them. */
class ArchitectureTest {
  private static final String STORE = "org.ouroborosdb.store..";
  private static final String ADAPTER = "org.ouroborosdb.calcite..";
  private static final String SQL = "org.ouroborosdb.sql..";
  private static final String DRIVER = "org.ouroborosdb.jdbc..";
  private static final String EXAMPLES = "org.ouroborosdb.examples..";

  /** The doors of the store: its API, and the place that opens one. */
  private static final Set<String> STORE_DOORS =
      Set.of(
          "org.ouroborosdb.store",
          "org.ouroborosdb.store.embedded",
          "org.ouroborosdb.store.backup",
          "org.ouroborosdb.store.replication",
          "org.ouroborosdb.store.versions",
          "org.ouroborosdb.store.kv");

  /** The doors of the engine: its API, the place that opens one, and what the driver shows. */
  private static final Set<String> SQL_DOORS =
      Set.of(
          "org.ouroborosdb.sql",
          "org.ouroborosdb.sql.message",
          "org.ouroborosdb.sql.procedure",
          "org.ouroborosdb.sql.session");

  private static final double MOST_DOORS = 0.25;
  private static final double MOST_PUBLIC_OF_API = 0.8;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importPaths(
              Stream.of("store", "calcite-adapter", "sql", "driver", "examples")
                  .map(module -> Path.of("..", module, "target", "classes"))
                  .toList());

  @Test
  void the_classes_of_every_module_are_looked_at() {
    for (String module : List.of("store", "calcite", "sql", "jdbc", "examples")) {
      String name = "org.ouroborosdb." + module;
      assertTrue(
          CLASSES.stream().anyMatch(type -> type.getPackageName().equals(name)),
          "no class of " + name + ": build all modules first");
    }
  }

  @Test
  void modules_point_from_driver_to_sql_to_adapter_to_store() {
    never(STORE, ADAPTER, SQL, DRIVER, EXAMPLES);
    never(ADAPTER, SQL, DRIVER, EXAMPLES);
    never(SQL, DRIVER, EXAMPLES);
    never(DRIVER, EXAMPLES);
    never(EXAMPLES, ADAPTER, SQL);
  }

  @Test
  void no_packages_depend_on_each_other_in_a_circle() {
    slices().matching("org.ouroborosdb.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void the_store_knows_no_sql() {
    never(STORE, "java.sql..", "javax.sql..", "org.apache.calcite..");
  }

  @Test
  void the_driver_knows_calcite_only_through_the_engine() {
    never(DRIVER, "org.apache.calcite..");
  }

  @Test
  void others_enter_the_store_by_its_doors() {
    assertEquals(List.of(), intruders("org.ouroborosdb.store", STORE_DOORS));
  }

  @Test
  void others_enter_the_engine_by_its_doors() {
    assertEquals(List.of(), intruders("org.ouroborosdb.sql", SQL_DOORS));
  }

  @Test
  void the_api_of_the_engine_shows_no_java_sql() {
    List<String> shown = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      if (SQL_DOORS.contains(type.getPackageName()) && type.getModifiers().contains(PUBLIC)) {
        type.getMembers().stream()
            .filter(member -> member.getModifiers().contains(PUBLIC))
            .filter(ArchitectureTest::namesJavaSql)
            .forEach(member -> shown.add(member.getFullName()));
      }
    }
    assertEquals(List.of(), shown);
  }

  @Test
  void every_package_is_null_marked() {
    List<String> unmarked =
        CLASSES.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(found -> !found.getName().endsWith(".proto"))
            .filter(found -> !found.isAnnotatedWith(NullMarked.class))
            .map(found -> found.getName())
            .sorted()
            .toList();
    assertEquals(List.of(), unmarked);
  }

  /** A room's types are public for its neighbours only, which the tests of the doors see to. */
  @Test
  void at_most_a_quarter_of_the_types_of_store_and_engine_are_doors() {
    fewDoors("org.ouroborosdb.store", STORE_DOORS);
    fewDoors("org.ouroborosdb.sql", SQL_DOORS);
  }

  /** Types are public across packages of store and engine, so their doors are what is counted. */
  @Test
  void few_types_behind_the_door_of_the_driver_are_public() {
    List<JavaClass> types =
        CLASSES.stream()
            .filter(type -> type.getPackageName().equals("org.ouroborosdb.jdbc"))
            .toList();
    long open = types.stream().filter(type -> type.getModifiers().contains(PUBLIC)).count();
    assertFalse(types.isEmpty());
    assertTrue(open <= types.size() * MOST_PUBLIC_OF_API, open + " of " + types.size());
  }

  /** Returns who outside of a module uses a type of it that is behind its doors. */
  private static List<String> intruders(String module, Set<String> doors) {
    List<String> intruders = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      if (isOf(type, module)) {
        continue;
      }
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> isOf(target, module))
          .filter(target -> !doors.contains(target.getPackageName()))
          .forEach(target -> intruders.add(type.getName() + " uses " + target.getName()));
    }
    return intruders;
  }

  private static void fewDoors(String module, Set<String> doors) {
    List<JavaClass> types =
        CLASSES.stream()
            .filter(type -> isOf(type, module) && type.isTopLevelClass())
            .filter(type -> !type.getPackageName().endsWith(".proto"))
            .toList();
    long open =
        types.stream()
            .filter(type -> doors.contains(type.getPackageName()))
            .filter(type -> type.getModifiers().contains(PUBLIC))
            .count();
    assertTrue(
        open <= types.size() * MOST_DOORS,
        open + " of " + types.size() + " top-level types of " + module + " are doors");
  }

  private static void never(String from, String... to) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static boolean namesJavaSql(JavaMember member) {
    return member.getAllInvolvedRawTypes().stream()
        .anyMatch(type -> type.getPackageName().startsWith("java.sql"));
  }

  private static boolean isOf(JavaClass type, String name) {
    return type.getPackageName().equals(name) || type.getPackageName().startsWith(name + ".");
  }
}
