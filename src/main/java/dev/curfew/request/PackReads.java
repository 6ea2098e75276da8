package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.catalog.Change;
import dev.curfew.catalog.Problem;
import dev.curfew.catalog.SnapshotView;
import dev.curfew.catalog.Snapshots;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The packs and rules in force and those that wait; for administrators and auditors. */
@ApplicationScoped
public class PackReads {

  /**
   * @param accepted null before the first
   * @param proposals what files of some node propose
   * @param problems what is wrong with this node's files
   */
  public record Packs(
      SnapshotView accepted,
      List<SnapshotView> history,
      List<SnapshotView> proposals,
      List<Problem> problems) {

    public Packs {
      history = List.copyOf(history);
      proposals = List.copyOf(proposals);
      problems = List.copyOf(problems);
    }
  }

  private final Snapshots snapshots;

  PackReads(Snapshots snapshots) {
    this.snapshots = snapshots;
  }

  /**
   * @throws CurfewException NOT_ALLOWED
   */
  public Packs all(Caller caller) {
    Rights.demandReaderOfAll(caller);
    return new Packs(
        snapshots.accepted().orElse(null),
        snapshots.history(),
        snapshots.proposals(),
        snapshots.problems());
  }

  /**
   * What accepting that snapshot would change.
   *
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED
   */
  public List<Change> diff(Caller caller, String digest) {
    Rights.demandReaderOfAll(caller);
    return snapshots.diff(digest);
  }
}
