package idserver;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** Who may know whom. */
@AnalyzeClasses(packages = "idserver", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String JSON = "jakarta.json..";

  /** Rooms without a container, those of the design that have not been built yet included. */
  private static final String[] PLAIN = {
    "idserver.counter..",
    "idserver.timeid..",
    "idserver.rule..",
    "idserver.issue..",
    "idserver.gapfree..",
    "idserver.strict..",
    "idserver.reserve..",
    "idserver.wire..",
    "idserver.udp..",
    "idserver.config..",
    "idserver.log..",
    "idserver.client.."
  };

  private static final Set<String> INJECTIONS =
      Set.of(
          "jakarta.inject.Inject",
          "jakarta.ejb.EJB",
          "jakarta.annotation.Resource",
          "jakarta.persistence.PersistenceContext",
          "jakarta.persistence.PersistenceUnit",
          "jakarta.ws.rs.core.Context");

  private static final Set<String> MADE_BY_THE_CONTAINER =
      Set.of(
          "jakarta.ejb.Singleton",
          "jakarta.ejb.Stateless",
          "jakarta.ejb.MessageDriven",
          "jakarta.ws.rs.Path",
          "jakarta.ws.rs.ext.Provider",
          "jakarta.servlet.annotation.WebListener",
          "jakarta.servlet.annotation.WebFilter",
          "jakarta.servlet.annotation.WebServlet",
          "jakarta.enterprise.context.ApplicationScoped",
          "jakarta.enterprise.context.RequestScoped");

  @ArchTest
  static final ArchRule roomsHaveNoCycles =
      slices().matching("idserver.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule plainRoomsKnowNoContainer =
      noClasses()
          .that()
          .resideInAnyPackage(PLAIN)
          .should()
          .dependOnClassesThat(resideInAnyPackage("jakarta..").and(not(resideInAnyPackage(JSON))));

  @ArchTest
  static final ArchRule onlyTheConfigurationIsReadWithTheJsonApi =
      noClasses()
          .that()
          .resideInAnyPackage(PLAIN)
          .and()
          .resideOutsideOfPackage("idserver.config..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(JSON);

  @ArchTest
  static final ArchRule luaIsKnownToTheRulesOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("idserver.rule..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.luaj..");

  @ArchTest
  static final ArchRule checkDigitsAreKnownToTheRulesOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("idserver.rule..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.commons.validator..");

  @ArchTest
  static final ArchRule ofTheValidatorOnlyTheCheckDigitsAreUsed =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.apache.commons.validator..")
                  .and(
                      not(resideInAnyPackage("org.apache.commons.validator.routines.checkdigit"))));

  @ArchTest
  static final ArchRule jpaIsKnownToTheStoreOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("idserver.store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.persistence..", "org.eclipse.persistence..");

  @ArchTest
  static final ArchRule driversAreKnownToTheStoreOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("idserver.store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.h2..", "com.mysql..");

  @ArchTest
  static final ArchRule sqlIsKnownToTheStoreAndToWhoHoldsThePoolOrTellsItsErrors =
      noClasses()
          .that()
          .resideOutsideOfPackages("idserver.store..", "idserver.server..", "idserver.control..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..");

  @ArchTest
  static final ArchRule nobodyKnowsTheServer =
      noClasses()
          .that()
          .resideOutsideOfPackage("idserver.server..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("idserver.server..");

  @ArchTest
  static final ArchRule theUseCaseKnowsNeitherTransportNorStore =
      noClasses()
          .that()
          .resideInAPackage("idserver.issue..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "idserver.udp..",
              "idserver.rest..",
              "idserver.wire..",
              "idserver.store..",
              "idserver.config..",
              "idserver.admin..");

  @ArchTest
  static final ArchRule theCounterKnowsNobody =
      noClasses()
          .that()
          .resideInAPackage("idserver.counter..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("idserver..").and(not(resideInAnyPackage("idserver.counter.."))));

  @ArchTest
  static final ArchRule theLinesOfStrictCountersKnowCountersAndReservationsAlone =
      noClasses()
          .that()
          .resideInAPackage("idserver.strict..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("idserver..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "idserver.strict..", "idserver.counter..", "idserver.reserve.."))));

  @ArchTest
  static final ArchRule timeIdsKnowNobody =
      noClasses()
          .that()
          .resideInAPackage("idserver.timeid..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("idserver..").and(not(resideInAnyPackage("idserver.timeid.."))))
          // the room may not be there yet
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nobodyKnowsTheMetrics =
      noClasses()
          .that()
          .resideOutsideOfPackage("idserver.metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("idserver.metrics..");

  @ArchTest
  static final ArchRule theConsoleKnowsNobody =
      noClasses()
          .that()
          .resideInAPackage("idserver.console..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("idserver..").and(not(resideInAnyPackage("idserver.console.."))));

  @ArchTest
  static final ArchRule theClientKnowsNobody =
      noClasses()
          .that()
          .resideInAPackage("idserver.client..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("idserver..").and(not(resideInAnyPackage("idserver.client.."))));

  @ArchTest
  static final ArchRule theClientIsPlainJdk =
      noClasses()
          .that()
          .resideInAPackage("idserver.client..")
          .should()
          .dependOnClassesThat(
              not(
                  resideInAnyPackage(
                      "idserver.client..",
                      "java..",
                      "org.jspecify.annotations..",
                      "com.google.errorprone.annotations..")));

  @ArchTest
  static final ArchRule nobodyInTheServerKnowsTheClient =
      noClasses()
          .that()
          .resideOutsideOfPackage("idserver.client..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("idserver.client..");

  @ArchTest
  static final ArchRule fieldsAreInjectedOnlyWhereTheContainerMakesTheObject =
      fields()
          .that(DescribedPredicate.describe("are injected", ArchitectureTest::isInjected))
          .should()
          .beDeclaredInClassesThat(
              DescribedPredicate.describe(
                  "are made by the container", ArchitectureTest::isMadeByTheContainer));

  @ArchTest
  static final ArchRule threadsComeFromTheContainer =
      noClasses()
          .that()
          .resideOutsideOfPackage("idserver.client..")
          .should()
          .callConstructorWhere(
              DescribedPredicate.<JavaConstructorCall>describe(
                  "a thread is made",
                  call -> assignableTo(Thread.class).test(call.getTargetOwner())));

  @ArchTest
  static final ArchRule poolsOfThreadsComeFromTheContainer =
      noClasses()
          .that()
          .resideOutsideOfPackage("idserver.client..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.Executors")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Timer");

  @ArchTest
  static final ArchRule nothingIsKeptInThreads =
      noClasses().should().dependOnClassesThat(assignableTo(ThreadLocal.class));

  @ArchTest
  static final ArchRule onlyTheControlToolWritesToTheConsole =
      noClasses()
          .that()
          .resideOutsideOfPackage("idserver.control..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethodWhere(
              DescribedPredicate.describe(
                  "a stack is printed",
                  call ->
                      call.getName().equals("printStackTrace")
                          && owner(assignableTo(Throwable.class)).test(call.getTarget())));

  @ArchTest
  static final ArchRule onlyTheControlToolEndsTheProcess =
      noClasses()
          .that()
          .resideOutsideOfPackage("idserver.control..")
          .should()
          .callMethod(System.class, "exit", int.class);

  @ArchTest
  static final ArchRule onlyTheStoreHasEntities =
      classes()
          .that()
          .areAnnotatedWith("jakarta.persistence.Entity")
          .should()
          .resideInAPackage("idserver.store..");

  @ArchTest
  static void everyPackageIsNullMarked(JavaClasses classes) {
    Set<JavaPackage> packages =
        classes.stream().map(JavaClass::getPackage).collect(Collectors.toSet());

    assertThat(packages).hasSizeGreaterThan(10);
    assertThat(packages).allMatch(room -> room.isAnnotatedWith(NullMarked.class));
  }

  private static boolean isInjected(JavaField field) {
    return INJECTIONS.stream().anyMatch(field::isAnnotatedWith);
  }

  private static boolean isMadeByTheContainer(JavaClass type) {
    return MADE_BY_THE_CONTAINER.stream().anyMatch(type::isAnnotatedWith);
  }
}
