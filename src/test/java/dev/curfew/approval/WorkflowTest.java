package dev.curfew.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkflowTest {

  private static final Stage TWO_OF_DBA = stage("dba", 2, true);

  @Test
  void nobodyVotedLeavesItOpen() {
    Standing standing = Workflow.tally(List.of(TWO_OF_DBA), List.of());
    assertEquals(Standing.State.OPEN, standing.state());
    assertEquals(2, standing.stages().get(0).missing());
  }

  @Test
  void twoDifferentPeopleApprove() {
    assertEquals(Standing.State.APPROVED, tally(TWO_OF_DBA, yes("ana", "dba"), yes("bo", "dba")));
  }

  @Test
  void onePersonVotingTwiceCountsOnce() {
    assertEquals(Standing.State.OPEN, tally(TWO_OF_DBA, yes("ana", "dba"), yes("ana", "dba")));
  }

  @Test
  void somebodyOfAnotherGroupDoesNotCount() {
    assertEquals(Standing.State.OPEN, tally(TWO_OF_DBA, yes("ana", "dba"), yes("bo", "sre")));
  }

  @Test
  void oneNoDenies() {
    assertEquals(
        Standing.State.DENIED,
        tally(TWO_OF_DBA, yes("ana", "dba"), yes("bo", "dba"), no("cy", "dba")));
  }

  @Test
  void aNoOfSomebodyWithoutTheGroupIsNothing() {
    assertEquals(
        Standing.State.APPROVED,
        tally(TWO_OF_DBA, yes("ana", "dba"), yes("bo", "dba"), no("cy", "sre")));
  }

  @Test
  void aCodeDoesNotCountWhereAPasskeyIsDemanded() {
    Stage strict = stage("dba", 1, false);
    Ballot byCode = new Ballot("ana", Choice.APPROVE, Set.of("dba"), true);
    assertEquals(Standing.State.OPEN, Workflow.tally(List.of(strict), List.of(byCode)).state());
    assertEquals(
        Standing.State.APPROVED,
        Workflow.tally(List.of(stage("dba", 1, true)), List.of(byCode)).state());
  }

  @Test
  void onePersonInTwoGroupsFillsOneStageOnly() {
    List<Stage> stages = List.of(stage("dba", 1, true), stage("sre", 1, true));
    Ballot both = yes("ana", "dba", "sre");
    assertEquals(Standing.State.OPEN, Workflow.tally(stages, List.of(both)).state());
    assertEquals(
        Standing.State.APPROVED, Workflow.tally(stages, List.of(both, yes("bo", "dba"))).state());
    assertEquals(
        Standing.State.APPROVED, Workflow.tally(stages, List.of(both, yes("bo", "sre"))).state());
  }

  @Test
  void saysBeforehandWhetherAnybodyCouldApprove() {
    List<Stage> stages = List.of(TWO_OF_DBA);
    assertFalse(Workflow.couldPass(stages, Map.of("ana", Set.of("dba"))));
    assertTrue(
        Workflow.couldPass(stages, Map.of("ana", Set.of("dba"), "bo", Set.of("dba", "sre"))));
  }

  @Test
  void tellsTheStageInWords() {
    Stage stage =
        new Stage(
            "dba-oncall",
            "dba-oncall",
            2,
            true,
            Duration.ofHours(1),
            Duration.ofHours(1),
            List.of("the window is longer than 2 h"));
    assertEquals(
        "two approvers of dba-oncall, because the window is longer than 2 h", stage.words());
    assertEquals("one approver of dba", stage("dba", 1, true).words());
  }

  @Test
  void theOrderOfVotesChangesNothingAndOneMoreYesNeverUndoes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] groups = {"a", "b", "c"};
    for (int round = 0; round < 2_000; round++) {
      List<Stage> stages = new ArrayList<>();
      for (String group : groups) {
        if (random.nextBoolean()) {
          stages.add(stage(group, 1 + random.nextInt(3), random.nextBoolean()));
        }
      }
      List<Ballot> ballots = new ArrayList<>();
      for (int voter = random.nextInt(7); voter > 0; voter--) {
        ballots.add(ballot(random, "v" + voter, groups));
      }
      Standing.State before = Workflow.tally(stages, ballots).state();
      List<Ballot> shuffled = new ArrayList<>(ballots);
      Collections.shuffle(shuffled, random);
      assertEquals(before, Workflow.tally(stages, shuffled).state(), "seed " + seed);
      shuffled.add(yes("late", groups[random.nextInt(3)]));
      if (before != Standing.State.OPEN) {
        assertEquals(before, Workflow.tally(stages, shuffled).state(), "seed " + seed);
      }
    }
  }

  private static Ballot ballot(Random random, String voter, String[] groups) {
    List<String> in = new ArrayList<>();
    for (String group : groups) {
      if (random.nextBoolean()) {
        in.add(group);
      }
    }
    Choice choice = random.nextInt(12) == 0 ? Choice.DENY : Choice.APPROVE;
    return new Ballot(voter, choice, Set.copyOf(in), random.nextBoolean());
  }

  private static Standing.State tally(Stage stage, Ballot... ballots) {
    return Workflow.tally(List.of(stage), List.of(ballots)).state();
  }

  private static Ballot yes(String voter, String... groups) {
    return new Ballot(voter, Choice.APPROVE, Set.of(groups), false);
  }

  private static Ballot no(String voter, String... groups) {
    return new Ballot(voter, Choice.DENY, Set.of(groups), false);
  }

  private static Stage stage(String group, int needed, boolean acceptCode) {
    return new Stage(
        group, group, needed, acceptCode, Duration.ofHours(1), Duration.ofHours(1), List.of());
  }
}
