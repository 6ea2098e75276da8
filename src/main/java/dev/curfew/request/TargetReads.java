package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.audit.Recorded;
import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.TargetView;
import dev.curfew.grant.Grants;
import dev.curfew.grant.TargetMemory;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** The targets and how they are; for administrators and auditors. */
@ApplicationScoped
public class TargetReads {

  private final Catalog catalog;
  private final Grants grants;
  private final TargetMemory memory;

  TargetReads(Catalog catalog, Grants grants, TargetMemory memory) {
    this.memory = memory;
    this.catalog = catalog;
    this.grants = grants;
  }

  /**
   * @throws CurfewException NOT_ALLOWED
   */
  public List<TargetView> targets(Caller caller) {
    Rights.demandReaderOfAll(caller);
    return catalog.targets().stream().map(this::withGrants).toList();
  }

  /**
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED
   */
  public TargetView target(Caller caller, String target) {
    Rights.demandReaderOfAll(caller);
    return one(target);
  }

  /**
   * Checks and reads it again, now; answers how it is. For administrators.
   *
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED
   */
  @Recorded("target-refresh")
  public TargetView refresh(Caller caller, String target) {
    Rights.demandAdministrator(caller);
    one(target);
    catalog.refresh(target);
    return one(target);
  }

  private TargetView one(String id) {
    return catalog.targets().stream()
        .filter(target -> target.id().equals(id))
        .findFirst()
        .map(this::withGrants)
        .orElseThrow(() -> CurfewException.notFound("target"));
  }

  /** A grant that may be live past its end closes its target, too. */
  private TargetView withGrants(TargetView target) {
    Optional<String> closed = target.closed().or(() -> grants.closed(target.id()));
    return new TargetView(
        target.id(),
        target.title(),
        target.description(),
        target.tags(),
        target.pack(),
        target.kind(),
        target.connect(),
        closed,
        target.closedDetail(),
        target.otherServer().or(() -> memory.putBackServer(target.id())),
        target.warnings(),
        target.checkedAt(),
        target.entitlements());
  }
}
