package dev.curfew.approval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts votes. Pure: the same stages and ballots always stand the same, in whatever order. */
public final class Workflow {

  private Workflow() {}

  /**
   * Any vote against by somebody of a stage's group denies. Otherwise it is approved once every
   * stage has its number of different people, each of whom counts for one stage only: two groups in
   * one person are still one human.
   */
  public static Standing tally(List<Stage> stages, List<Ballot> ballots) {
    Map<String, Ballot> last = new LinkedHashMap<>();
    boolean denied = false;
    for (Ballot ballot : ballots) {
      if (ballot.choice() == Choice.DENY) {
        denied |= stages.stream().anyMatch(stage -> ballot.groups().contains(stage.group()));
      } else {
        last.put(ballot.voter(), ballot);
      }
    }
    int[] have = seats(stages, List.copyOf(last.values()));
    List<Standing.Count> counts = new ArrayList<>();
    boolean full = true;
    for (int i = 0; i < have.length; i++) {
      counts.add(new Standing.Count(stages.get(i), have[i]));
      full &= have[i] == stages.get(i).needed();
    }
    Standing.State state =
        denied ? Standing.State.DENIED : full ? Standing.State.APPROVED : Standing.State.OPEN;
    return new Standing(state, counts);
  }

  /** Whether the people, each with their groups, could fill all stages if they all agreed. */
  public static boolean couldPass(List<Stage> stages, Map<String, Set<String>> people) {
    List<Ballot> all = new ArrayList<>();
    people.forEach((person, groups) -> all.add(new Ballot(person, Choice.APPROVE, groups, false)));
    return tally(stages, all).state() == Standing.State.APPROVED;
  }

  /** Seats as many voters as possible: each new voter may push an earlier one to another stage. */
  private static int[] seats(List<Stage> stages, List<Ballot> voters) {
    int[] have = new int[stages.size()];
    Map<Ballot, Integer> seated = new HashMap<>();
    for (Ballot voter : voters) {
      seat(voter, stages, have, seated, new HashSet<>());
    }
    return have;
  }

  private static boolean seat(
      Ballot voter,
      List<Stage> stages,
      int[] have,
      Map<Ballot, Integer> seated,
      Set<Integer> tried) {
    for (int i = 0; i < stages.size(); i++) {
      if (!voter.fits(stages.get(i)) || !tried.add(i)) {
        continue;
      }
      if (have[i] < stages.get(i).needed()) {
        have[i]++;
        seated.put(voter, i);
        return true;
      }
      for (Map.Entry<Ballot, Integer> other : List.copyOf(seated.entrySet())) {
        if (other.getValue() == i && seat(other.getKey(), stages, have, seated, tried)) {
          seated.put(voter, i);
          return true;
        }
      }
    }
    return false;
  }
}
