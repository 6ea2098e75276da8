package dev.curfew.connector.sql;

import dev.curfew.connector.Ask;
import dev.curfew.connector.Checked;
import dev.curfew.connector.Connector;
import dev.curfew.connector.Described;
import dev.curfew.connector.Entitlement;
import dev.curfew.connector.Found;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Plan;
import dev.curfew.connector.Profile;
import dev.curfew.connector.Progress;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Secret;
import dev.curfew.connector.Secrets;
import dev.curfew.connector.Target;
import dev.curfew.connector.Verdict;
import dev.curfew.connector.Witness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Gives and takes away accounts of one kind of SQL database, by the statements of its pack.
 *
 * <p>Settings of a target: {@code user} and {@code secret} (a reference) of the broker's own role;
 * {@code database}, where the broker works ({@code curfew_maintenance}); {@code sslmode} ({@code
 * verify-full}); {@code ca}, a file of certificates to trust (those Java trusts). Settings of an
 * entitlement: {@code role} (the group), {@code database}, {@code level} ({@code member} or {@code
 * owner}), {@code connections} (5).
 */
public final class SqlConnector implements Connector {

  /** How strict the engine is with transport. */
  public enum Transport {
    /** Only {@code sslmode: verify-full}. */
    VERIFIED,
    /** Also {@code sslmode: disable}: the demo's target on this very machine. */
    LOOPBACK_DEMO
  }

  private final Duration secondLook;
  private final SqlPack pack;
  private final Driver driver;
  private final Provisioning provisioning;
  private final Looking looking;
  private final Witnesses witnesses;

  /**
   * @param secrets reads the broker's password for a target, anew for each connection
   */
  public SqlConnector(SqlPack pack, Secrets secrets, Transport transport) {
    this(pack, secrets, transport, Revocation.SECOND_LOOK);
  }

  SqlConnector(SqlPack pack, Secrets secrets, Transport transport, Duration secondLook) {
    this.secondLook = secondLook;
    this.pack = pack;
    this.driver = new Driver(secrets, transport);
    this.provisioning = new Provisioning(pack, driver);
    this.looking = new Looking(pack, driver);
    this.witnesses = new Witnesses(pack, driver);
  }

  @Override
  public String kind() {
    return pack.kind();
  }

  @Override
  public Profile profile() {
    return pack.profile();
  }

  /** An address or a secret that was moved counts for what was given before the move, too. */
  @Override
  public Handle today(Handle handle, Target target) {
    Map<String, String> facts = new TreeMap<>(handle.withStandbysOf(target).facts());
    if (handle.server().isPresent() && handle.server().equals(target.server())) {
      facts.remove(Server.CA);
      Server.of(target).write(facts);
      String primary = target.admin().host() + ":" + target.admin().port();
      facts
          .entrySet()
          .removeIf(
              each -> each.getKey().startsWith(Target.STANDBY) && each.getValue().equals(primary));
    }
    return new Handle(handle.kind(), handle.grant(), facts);
  }

  @Override
  public Checked check(Target target, Limits limits) {
    return looking.check(target, limits);
  }

  @Override
  public Described describe(Target target, Entitlement entitlement, Limits limits) {
    return looking.describe(target, Wanted.of(entitlement), limits);
  }

  @Override
  public Plan plan(Ask ask) {
    Wanted wanted = Wanted.of(ask.entitlement());
    Account account = Account.of(kind(), ask, wanted);
    return new Plan(account.handle(), effects(account, wanted));
  }

  private List<String> effects(Account account, Wanted wanted) {
    List<String> effects = new ArrayList<>();
    effects.add(
        "Makes the role %s on %s, which cannot log in until it is picked up."
            .formatted(account.role(), account.server().target()));
    effects.add(
        switch (wanted.level()) {
          case MEMBER -> "Gives it what %s may do.".formatted(wanted.group());
          case OWNER ->
              "Lets it act as %s: what it creates belongs to %s and stays."
                  .formatted(wanted.group(), wanted.group());
        });
    effects.add(
        "At pick-up sets a new password; at most %d sessions at once, for database %s."
            .formatted(wanted.connections(), wanted.database()));
    effects.add(
        "At the end refuses its logins, ends its sessions and drops it; what it owns goes to %s, which may do nothing."
            .formatted(Account.ESTATE));
    for (Standby each : account.server().standbys()) {
      effects.add(
          each.endpoint().isPresent()
              ? "Ends its sessions on the standby %s too, as soon as that has replayed the end."
                  .formatted(each.name())
              : "Sessions on the standby %s, which Curfew does not reach, are not ended; new logins there are refused from the end on."
                  .formatted(each.name()));
    }
    return effects;
  }

  @Override
  public Outcome provision(Plan plan, Instant until, Limits limits) {
    return provisioning.provision(Account.of(plan.handle()), until, limits);
  }

  @Override
  public Verdict verify(Handle handle, Receipt receipt, Limits limits) {
    return looking.verify(Account.of(handle), receipt, limits);
  }

  @Override
  public Secret issue(Handle handle, Instant until, Limits limits) {
    return provisioning.issue(Account.of(handle), until, limits);
  }

  @Override
  public Outcome revoke(Handle handle, Receipt receipt, Progress progress, Limits limits) {
    return new Revocation(pack, driver, Account.of(handle), receipt, progress, limits, secondLook)
        .run();
  }

  @Override
  public Stream<Found> sweep(Target target, String broker, Limits limits) {
    return looking.sweep(target, broker, limits).stream();
  }

  @Override
  public boolean keepsWitness() {
    return pack.editions().stream().allMatch(this::keepsWitness);
  }

  private boolean keepsWitness(SqlPack.Edition edition) {
    return Stream.of(Verb.READ_WITNESS, Verb.WRITE_WITNESS)
        .allMatch(
            verb -> pack.common().containsKey(verb) || edition.statements().containsKey(verb));
  }

  @Override
  public Optional<Witness> witness(Target target, String broker, Limits limits) {
    return witnesses.read(target, broker, limits);
  }

  @Override
  public void witness(Target target, String broker, Witness witness, Limits limits) {
    witnesses.write(target, broker, witness, limits);
  }
}
