package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bad setting never stops the taking away. */
class MappingCheckTest {

  private static final Map<String, String> BAD =
      Map.of(
          "curfew.grant.lease", "soon",
          "curfew.grant.workers", "many",
          "curfew.demo", "perhaps",
          "curfew.targets.check-every", "",
          "curfew.grant.lase", "3s");

  @AfterEach
  void forget() {
    BAD.keySet().forEach(System::clearProperty);
  }

  @Test
  void everyBadValueIsReportedAtOnceAndItsDefaultTaken() {
    BAD.forEach(System::setProperty);
    List<String> problems = problems();
    assertEquals(
        List.of(
            "curfew.demo has a value that cannot be read; auto is used instead",
            "curfew.grant.lase is no setting; see docs/configuration.md for how it is spelt",
            "curfew.grant.lease has a value that cannot be read; 15s is used instead",
            "curfew.grant.workers has a value that cannot be read; 16 is used instead",
            "curfew.targets.check-every has a value that cannot be read; 60s is used instead"),
        problems);
    assertEquals("15s", System.getProperty("curfew.grant.lease"));
    assertEquals("16", System.getProperty("curfew.grant.workers"));
    assertEquals("auto", System.getProperty("curfew.demo"));
    System.clearProperty("curfew.grant.lase");
    assertEquals(List.of(), problems(), "what was set aside is wrong no more");
  }

  @Test
  void aProblemOfOneSettingKeepsAccessFromBeingGivenAndNothingElse() {
    System.setProperty("curfew.grant.lease", "soon");
    assertTrue(
        MappingCheck.run().stream()
            .allMatch(problem -> problem.reach() == StartProblems.Reach.GIVING));
  }

  @Test
  void nothingIsWrongWhereNothingIsSet() {
    assertEquals(List.of(), problems());
  }

  /** Without the switches of the tests themselves, which are no settings. */
  private static List<String> problems() {
    return MappingCheck.run().stream()
        .map(StartProblems.Problem::text)
        .filter(
            text ->
                !text.matches(
                    "curfew\\.((test|faults)\\S*|browser|pg15|promtool|faketime|jar) is no .*"))
        .sorted()
        .toList();
  }
}
