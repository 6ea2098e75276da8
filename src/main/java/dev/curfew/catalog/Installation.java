package dev.curfew.catalog;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Who this broker is, in every mark it leaves at a target. */
@ApplicationScoped
public class Installation {

  private final SnapshotStore store;
  private final Optional<String> broker;
  private volatile String id;

  @Inject
  Installation(SnapshotStore store, BrokerSettings settings) {
    this.store = store;
    this.broker = settings.id().filter(text -> text.matches("[a-z0-9]{1,2}"));
  }

  /** For one that answers by itself, as in tests of what lies above the catalog. */
  protected Installation() {
    this.store = null;
    this.broker = Optional.empty();
  }

  /** The random id made with the store: another store is another installation. */
  public String id() {
    String known = id;
    if (known == null) {
      known = store.installation();
      id = known;
    }
    return known;
  }

  /**
   * This broker's id from the configuration, {@code [a-z0-9]{1,2}}.
   *
   * @throws CurfewException {@code REVOKE_ONLY} when it is not set, or not of that form
   */
  public String broker() {
    return broker.orElseThrow(
        () ->
            new CurfewException(
                Fault.REVOKE_ONLY, "set curfew.broker.id to one or two of a-z and 0-9"));
  }

  public boolean hasBroker() {
    return broker.isPresent();
  }
}
