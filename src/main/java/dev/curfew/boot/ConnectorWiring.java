package dev.curfew.boot;

import dev.curfew.connector.Connector;
import dev.curfew.connector.Connectors;
import dev.curfew.connector.Guarded;
import dev.curfew.connector.Meter;
import dev.curfew.connector.SecretReferences;
import dev.curfew.connector.Secrets;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** Which connectors there are, and what stands around them. */
@Singleton
class ConnectorWiring {

  private static final int CALLS_AT_ONCE = 64;

  private final ExecutorService pool = Guarded.pool(CALLS_AT_ONCE);

  @Produces
  @Singleton
  Secrets secrets(BootSettings settings) {
    return new SecretReferences(System::getenv, settings.secretsDir());
  }

  @Produces
  @Singleton
  Meter meter(MeterRegistry registry) {
    return (kind, verb, result, took) ->
        registry.timer("curfew.calls", "kind", kind, "verb", verb, "result", result).record(took);
  }

  @Produces
  @Singleton
  Connectors connectors() {
    return new Connectors(kind -> Optional.<Connector>empty());
  }

  void stop(@Observes ShutdownEvent event) {
    pool.shutdownNow();
  }
}
