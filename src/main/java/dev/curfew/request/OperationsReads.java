package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.audit.Progress;
import dev.curfew.audit.Sequencer;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.catalog.TargetView;
import dev.curfew.grant.GrantGauges;
import dev.curfew.grant.Quarantine;
import dev.curfew.grant.QuarantineView;
import dev.curfew.identity.Caller;
import dev.curfew.request.OperationsView.AtTarget;
import dev.curfew.request.OperationsView.Ends;
import dev.curfew.request.OperationsView.HistoryLag;
import dev.curfew.request.OperationsView.QuarantineState;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How the installation is, for administrators and auditors. */
@ApplicationScoped
public class OperationsReads {

  private final TargetReads targets;
  private final GrantGauges grants;
  private final Sequencer sequencer;
  private final Quarantine quarantine;
  private final RevokeOnly revokeOnly;
  private final Clocks clocks;

  OperationsReads(
      TargetReads targets,
      GrantGauges grants,
      Sequencer sequencer,
      Quarantine quarantine,
      RevokeOnly revokeOnly,
      Clocks clocks) {
    this.targets = targets;
    this.grants = grants;
    this.sequencer = sequencer;
    this.quarantine = quarantine;
    this.revokeOnly = revokeOnly;
    this.clocks = clocks;
  }

  /**
   * @throws CurfewException NOT_ALLOWED
   */
  public OperationsView view(Caller caller) {
    Rights.demandReaderOfAll(caller);
    Progress progress = sequencer.progress();
    GrantGauges.Ends ends = grants.ends();
    return new OperationsView(
        clocks.now(),
        targets(caller),
        new Ends(ends.count(), seconds(ends.median()), seconds(ends.worst()), ends.worstGrant()),
        grants.takenOver(),
        ClockView.of(clocks),
        new HistoryLag(progress.n(), progress.newer(), seconds(progress.lag())),
        state(quarantine.view()),
        revokeOnly.problems());
  }

  private static QuarantineState state(QuarantineView view) {
    int undecided = (int) view.differences().stream().filter(d -> d.choice() == null).count();
    return new QuarantineState(
        view.on(), view.since(), view.differences().size(), undecided, view.generation());
  }

  /** Those that can be asked for, then those that only have grants left. */
  private List<AtTarget> targets(Caller caller) {
    GrantGauges.Reading reading = grants.read();
    List<AtTarget> lines = new ArrayList<>();
    List<TargetView> known = targets.targets(caller);
    known.forEach(target -> lines.add(line(target, reading.at(target.id()))));
    Set<String> ids = known.stream().map(TargetView::id).collect(Collectors.toSet());
    reading.targets().stream()
        .filter(at -> !ids.contains(at.target()))
        .forEach(at -> lines.add(gone(at)));
    return lines;
  }

  private static AtTarget line(TargetView target, GrantGauges.AtTarget at) {
    return line(
        target.title(),
        target.isOpen(),
        target.closedDetail().or(target::closed).orElse(null),
        target.checkedAt().orElse(null),
        at);
  }

  private static AtTarget gone(GrantGauges.AtTarget at) {
    return line(
        at.target(),
        false,
        "no accepted pack has this target; what was given there still ends on time",
        null,
        at);
  }

  private static AtTarget line(
      String title, boolean open, String lastAnswer, Instant checkedAt, GrantGauges.AtTarget at) {
    return new AtTarget(
        at.target(),
        title,
        open,
        lastAnswer,
        checkedAt,
        at.live(),
        at.waiting(),
        seconds(at.waitingFor()),
        at.inHand(),
        seconds(at.overdue()),
        seconds(at.overdueLive()),
        at.stuckLive(),
        seconds(at.stuckLiveFor()),
        at.overstaying(),
        at.stuckLeftover(),
        seconds(at.stuckLeftoverFor()));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
