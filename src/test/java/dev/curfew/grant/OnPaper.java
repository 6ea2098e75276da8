package dev.curfew.grant;

import dev.curfew.catalog.Installation;
import dev.curfew.connector.Connectors;
import dev.curfew.connector.sql.OrdersServer;
import dev.curfew.testing.PaperConnector;
import dev.curfew.testing.Store;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The real store, and targets on paper; nothing happens unless the test does it. */
public final class OnPaper implements QuarkusTestProfile {

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(Bench.class, Paper.class, AnyObjection.class, ThisInstallation.class);
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "curfew.grant.work", "false",
        "curfew.grant.poll", "20ms",
        "curfew.grant.probe", "50ms",
        "curfew.grant.heartbeat", "50ms",
        "curfew.grant.drain", "2s");
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(Store.class));
  }

  /** Paper, and a real PostgreSQL for those who ask for it. */
  @Alternative
  @Singleton
  static class Paper {
    private final PaperConnector paper = new PaperConnector();

    @Produces
    @Singleton
    PaperConnector paper() {
      return paper;
    }

    @Produces
    @Singleton
    Connectors connectors() {
      return new Connectors(
          kind ->
              switch (kind) {
                case PaperConnector.KIND -> Optional.of(paper);
                case OrdersServer.KIND -> Optional.of(OrdersServer.connector());
                default -> Optional.empty();
              });
    }
  }

  /** What the request's side says: nothing against it, unless the test sets something. */
  @Alternative
  @Singleton
  static class AnyObjection implements Clearance {
    volatile String objection;
    volatile boolean broken;

    @Override
    public Optional<String> objection(String requestId, String grantId, boolean handingOut) {
      if (broken) {
        throw new IllegalStateException("the clearance is broken");
      }
      return Optional.ofNullable(objection);
    }
  }

  /** A fixed name for this installation. */
  @Alternative
  @Singleton
  static class ThisInstallation extends Installation {
    static final String ID = "installation-of-the-test";
    static final String BROKER = "t1";

    @Override
    public String id() {
      return ID;
    }

    @Override
    public String broker() {
      return BROKER;
    }
  }
}
