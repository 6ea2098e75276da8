package dev.curfew;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the package map of docs/design.md. If it hurts, change the map on purpose, with an ADR. */
class ArchitectureTest {

  private static final String ROOT = "dev.curfew";

  /** Who may see whom. The root package is seen by all but connector; boot sees all. */
  private static final Map<String, Set<String>> EDGES =
      Map.ofEntries(
          Map.entry("identity", Set.of()),
          Map.entry("connector", Set.of()),
          Map.entry("connector.sql", Set.of("connector")),
          Map.entry("audit", Set.of("identity")),
          Map.entry("mfa", Set.of("audit", "identity")),
          Map.entry("account", Set.of("mfa", "audit", "identity")),
          Map.entry("catalog", Set.of("connector", "audit", "identity")),
          Map.entry("approval", Set.of("catalog", "identity")),
          Map.entry("policy", Set.of("approval", "catalog", "identity")),
          Map.entry("grant", Set.of("catalog", "connector", "audit", "identity")),
          Map.entry(
              "request",
              Set.of(
                  "policy", "approval", "catalog", "grant", "mfa", "account", "audit", "identity")),
          Map.entry(
              "web",
              Set.of(
                  "request",
                  "policy",
                  "approval",
                  "catalog",
                  "grant",
                  "mfa",
                  "account",
                  "audit",
                  "identity")));

  private static final JavaClasses CURFEW =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void packagesSeeOnlyWhatTheMapAllows() {
    Map<String, Set<String>> wrong = new TreeMap<>();
    for (JavaClass origin : CURFEW) {
      String from = floor(origin);
      if (from.equals("boot")) {
        continue;
      }
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        JavaClass seen = dependency.getTargetClass();
        if (!seen.getPackageName().startsWith(ROOT)) {
          continue;
        }
        String to = floor(seen);
        boolean allowed =
            from.equals(to)
                || (to.isEmpty() && !from.startsWith("connector"))
                || EDGES.getOrDefault(from, Set.of()).contains(to);
        if (!allowed) {
          wrong
              .computeIfAbsent(from + " -> " + to, edge -> new TreeSet<>())
              .add(origin.getSimpleName() + " sees " + seen.getSimpleName());
        }
      }
    }
    assertEquals(Map.of(), wrong, "edges that are not on the map");
  }

  @Test
  void everyPackageStandsOnTheMap() {
    Set<String> floors =
        CURFEW.stream()
            .map(ArchitectureTest::floor)
            .filter(floor -> !floor.isEmpty() && !floor.equals("boot"))
            .collect(Collectors.toCollection(TreeSet::new));
    floors.removeAll(EDGES.keySet());
    assertEquals(Set.of(), floors, "packages without a place");
  }

  @Test
  void noTwoPackagesSeeEachOther() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CURFEW);
  }

  @Test
  void theContractSeesOnlyJava() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".connector")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(ROOT + ".connector", "java..")
        .check(CURFEW);
  }

  @Test
  void policyAndApprovalTouchNoStoreAndNoWire() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".policy..", ROOT + ".approval..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..",
            "javax.sql..",
            "java.net..",
            "java.nio.file..",
            "jakarta.persistence..",
            "io.agroal..")
        .allowEmptyShould(true)
        .check(CURFEW);
  }

  @Test
  void onlyGrantMakesAConnectorAct() {
    Set<String> effects = Set.of("provision", "issue", "revoke");
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".grant..", ROOT + ".connector..")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "is an effect of a connector",
                (JavaCall<?> call) ->
                    call.getTargetOwner().isAssignableTo(ROOT + ".connector.Connector")
                        && effects.contains(call.getTarget().getName())))
        .check(CURFEW);
  }

  @Test
  void noEffectIsCalledByAMethodThatHoldsATransaction() {
    Set<String> effects = Set.of("provision", "issue", "revoke", "verify", "sweep");
    methods()
        .that(
            DescribedPredicate.describe(
                "hold a transaction",
                (JavaMethod method) -> method.isAnnotatedWith("jakarta.transaction.Transactional")))
        .should(
            new ArchCondition<JavaMethod>("not call a connector") {
              @Override
              public void check(JavaMethod method, ConditionEvents events) {
                method.getMethodCallsFromSelf().stream()
                    .filter(
                        call -> call.getTargetOwner().isAssignableTo(ROOT + ".connector.Connector"))
                    .filter(call -> effects.contains(call.getTarget().getName()))
                    .forEach(
                        call -> events.add(SimpleConditionEvent.violated(method, call.toString())));
              }
            })
        .allowEmptyShould(true)
        .check(CURFEW);
  }

  @Test
  void timeComesFromClocksAndIdsFromIds() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".Clocks")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(LocalDate.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .check(CURFEW);
  }

  @Test
  void onlyDoorsSpeakHttp() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".web..", ROOT + ".boot..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.ws.rs..", "io.vertx.ext.web..", "io.quarkus.qute..")
        .check(CURFEW);
  }

  @Test
  void doorsAnswerRecordsAndNeverEntities() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".web..")
        .should()
        .dependOnClassesThat()
        .areAnnotatedWith("jakarta.persistence.Entity")
        .allowEmptyShould(true)
        .check(CURFEW);
  }

  @Test
  void entitiesAreSeenOnlyByTheirOwnPackage() {
    classes()
        .that()
        .areAnnotatedWith("jakarta.persistence.Entity")
        .should()
        .bePackagePrivate()
        .allowEmptyShould(true)
        .check(CURFEW);
  }

  /** A page route that takes anything but a form could be posted to from another site. */
  @Test
  void everyPagePostTakesAForm() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(ROOT + ".web.page..")
        .and()
        .areAnnotatedWith("jakarta.ws.rs.POST")
        .should(
            new ArchCondition<JavaMethod>("consume a form") {
              @Override
              public void check(JavaMethod method, ConditionEvents events) {
                boolean form =
                    consumesForm(method.getAnnotations())
                        || consumesForm(method.getOwner().getAnnotations());
                if (!form) {
                  events.add(SimpleConditionEvent.violated(method, method.getFullName()));
                }
              }
            })
        .allowEmptyShould(true)
        .check(CURFEW);
  }

  @Test
  void nothingIsInjectedIntoAField() {
    fields()
        .should()
        .notBeAnnotatedWith("jakarta.inject.Inject")
        .because("constructor injection shows what a class needs")
        .check(CURFEW);
  }

  @Test
  void theMapIsNotEmpty() {
    assertTrue(CURFEW.size() > 20);
  }

  private static boolean consumesForm(Set<? extends JavaAnnotation<?>> annotations) {
    return annotations.stream()
        .filter(annotation -> annotation.getRawType().getName().equals("jakarta.ws.rs.Consumes"))
        .flatMap(annotation -> Arrays.stream((Object[]) annotation.get("value").orElseThrow()))
        .anyMatch(type -> type.equals("application/x-www-form-urlencoded"));
  }

  private static String floor(JavaClass type) {
    String rest = type.getPackageName().substring(ROOT.length());
    if (rest.isEmpty()) {
      return "";
    }
    rest = rest.substring(1);
    if (rest.startsWith("connector.")) {
      return rest;
    }
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }
}
