package dev.curfew.request;

import dev.curfew.catalog.Installation;
import dev.curfew.catalog.PaperCatalog;
import dev.curfew.connector.Connectors;
import dev.curfew.mfa.GivenProofs;
import dev.curfew.testing.PaperConnector;
import dev.curfew.testing.Store;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The real store, real rules and people; targets on paper and proofs that are given. */
public final class AtTheDesk implements QuarkusTestProfile {

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(
        Desk.class, Paper.class, PaperCatalog.class, GivenProofs.class, ThisInstallation.class);
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of("curfew.grant.work", "false", "curfew.mfa.admin-accept-code", "true");
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(Store.class));
  }

  /** The only connector there is. */
  @Alternative
  @Singleton
  public static class Paper {

    @Produces
    @Singleton
    Connectors connectors() {
      return new Connectors(List.of(new PaperConnector()));
    }
  }

  /** A fixed name for this installation. */
  @Alternative
  @Singleton
  public static class ThisInstallation extends Installation {

    @Override
    public String id() {
      return "installation-of-the-test";
    }

    @Override
    public String broker() {
      return "t1";
    }
  }
}
