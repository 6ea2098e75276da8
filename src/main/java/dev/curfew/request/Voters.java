package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.account.Member;
import dev.curfew.account.People;
import dev.curfew.account.Person;
import dev.curfew.approval.Ballot;
import dev.curfew.approval.Stage;
import dev.curfew.approval.Standing;
import dev.curfew.approval.Workflow;
import dev.curfew.audit.Ties;
import dev.curfew.mfa.Need;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who may vote on what, and whose votes count now. One human counts once. */
@ApplicationScoped
class Voters {

  /** How long somebody who owes access to another does not vote for them, nor they for them. */
  static final Duration TIED_FOR = Duration.ofDays(30);

  private final People people;
  private final Ties ties;
  private final Clocks clocks;

  Voters(People people, Ties ties, Clocks clocks) {
    this.people = people;
    this.ties = ties;
    this.clocks = clocks;
  }

  /** Why the person may not vote on the request; empty when nothing stands against it. */
  Optional<String> objection(String voter, AccessRequest request) {
    if (voter.equals(request.person)) {
      return Optional.of("your own request is for others to decide");
    }
    List<StageRow> asked =
        request.stages.stream().filter(stage -> member(voter, stage.group).isPresent()).toList();
    if (asked.isEmpty()) {
      return Optional.of("only members of " + groups(request) + " decide this request");
    }
    if (settledGroups(voter, request.stages()).isEmpty()) {
      return Optional.of(
          "you joined "
              + asked.get(0).group
              + " less than 24 h ago; votes count once a membership is a day old");
    }
    return tie(request.person, voter)
        .map(how -> "you and the requester are tied, so somebody else must decide: " + how);
  }

  /** The groups of the stages that the person may vote for now. */
  Set<String> settledGroups(String voter, List<Stage> stages) {
    Set<String> groups = new TreeSet<>();
    for (Stage stage : stages) {
      member(voter, stage.group())
          .filter(this::isSettled)
          .ifPresent(m -> groups.add(stage.group()));
    }
    return groups;
  }

  /** Everybody who could vote on a request of that person, each with the groups they count for. */
  Map<String, Set<String>> able(String requester, List<Stage> stages) {
    Map<String, Set<String>> able = new TreeMap<>();
    for (Stage stage : stages) {
      for (Member member : people.members(stage.group())) {
        boolean known = able.containsKey(member.person());
        if (!member.person().equals(requester)
            && isSettled(member)
            && (known || tie(requester, member.person()).isEmpty())) {
          able.computeIfAbsent(member.person(), person -> new TreeSet<>()).add(stage.group());
        }
      }
    }
    return able;
  }

  /**
   * How the votes stand that count now: of people who are enabled, each for the stage's groups they
   * have been in for a day, for exactly what the request says.
   */
  Standing standing(AccessRequest request, List<CastVote> votes) {
    String shown = request.shown();
    List<Ballot> ballots = new ArrayList<>();
    for (CastVote vote : votes) {
      if (!vote.isVoid() && vote.shown.equals(shown)) {
        people
            .person(vote.voter)
            .filter(Person::enabled)
            .filter(person -> !person.id().equals(request.person))
            .map(person -> settledGroups(person.id(), request.stages()))
            .filter(groups -> !groups.isEmpty())
            .ifPresent(
                groups -> ballots.add(new Ballot(vote.voter, vote.choice, groups, vote.byCode)));
      }
    }
    return Workflow.tally(request.stages(), ballots);
  }

  private Optional<Member> member(String person, String group) {
    return people.members(group).stream()
        .filter(member -> member.person().equals(person))
        .findFirst();
  }

  private boolean isSettled(Member member) {
    return member.settled() || !member.since().isAfter(clocks.now().minus(Need.SETTLES_AFTER));
  }

  private Optional<String> tie(String requester, String voter) {
    return ties.between(requester, voter, clocks.now().minus(TIED_FOR));
  }

  private static String groups(AccessRequest request) {
    return String.join(" and ", request.stages.stream().map(stage -> stage.group).toList());
  }
}
