package dev.curfew.connector.sql;

import dev.curfew.connector.Ask;
import dev.curfew.connector.Connector;
import dev.curfew.connector.Described;
import dev.curfew.connector.Entitlement;
import dev.curfew.connector.Finding;
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
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Gives and takes away accounts of one kind of SQL database, by the statements of its pack. */
public final class SqlConnector implements Connector {

  /** How strict the engine is with transport. */
  public enum Transport {
    /** Only {@code sslmode: verify-full}. */
    VERIFIED,
    /** Also {@code sslmode: disable}: the demo's target on this very machine. */
    LOOPBACK_DEMO
  }

  private final SqlPack pack;

  /**
   * @param secrets reads the broker's password for a target, anew for each connection
   */
  public SqlConnector(SqlPack pack, Secrets secrets, Transport transport) {
    this.pack = pack;
  }

  @Override
  public String kind() {
    return pack.kind();
  }

  @Override
  public Profile profile() {
    return pack.profile();
  }

  @Override
  public List<Finding> check(Target target, Limits limits) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Described describe(Target target, Entitlement entitlement, Limits limits) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Plan plan(Ask ask) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome provision(Plan plan, Instant until, Limits limits) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Verdict verify(Handle handle, Receipt receipt, Limits limits) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Secret issue(Handle handle, Instant until, Limits limits) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome revoke(Handle handle, Receipt receipt, Progress progress, Limits limits) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Stream<Found> sweep(Target target, String broker, Limits limits) {
    throw new UnsupportedOperationException();
  }
}
