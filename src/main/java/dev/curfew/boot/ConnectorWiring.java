package dev.curfew.boot;

import dev.curfew.catalog.Catalog;
import dev.curfew.connector.Connector;
import dev.curfew.connector.Connectors;
import dev.curfew.connector.Guarded;
import dev.curfew.connector.Meter;
import dev.curfew.connector.SecretReferences;
import dev.curfew.connector.Secrets;
import dev.curfew.connector.sql.SqlConnector;
import dev.curfew.connector.sql.SqlPack;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/** Which engines there are, and what stands around their connectors. */
@Singleton
class ConnectorWiring {

  private static final int CALLS_AT_ONCE = 128;
  private static final int LOOKS_AT_ONCE = 64;

  private final ExecutorService pool = Guarded.pool(CALLS_AT_ONCE);
  private final ExecutorService looks = Guarded.pool(LOOKS_AT_ONCE);
  private final Map<String, Connector> byDigest = new ConcurrentHashMap<>();

  @Produces
  @Singleton
  Secrets secrets(BootSettings settings) {
    return new SecretReferences(System::getenv, settings.secretsDir());
  }

  @Produces
  @Singleton
  Meter meter(MeterRegistry registry) {
    return (kind, verb, result, took) ->
        Timer.builder("curfew.calls")
            .description("Calls to targets, and how long they took")
            .tags("kind", kind, "verb", verb, "result", result)
            .register(registry)
            .record(took);
  }

  @Produces
  @Singleton
  Connectors connectors(Catalog catalog, Secrets secrets, Meter meter, BootSettings settings) {
    SqlConnector.Transport transport =
        settings.unencryptedLoopback()
            ? SqlConnector.Transport.LOOPBACK_DEMO
            : SqlConnector.Transport.VERIFIED;
    return new Connectors(
        kind ->
            catalog
                .engine(kind)
                .map(
                    pack ->
                        byDigest.computeIfAbsent(
                            pack.digest(),
                            digest ->
                                new Guarded(
                                    new SqlConnector(
                                        SqlPack.of(pack.content()), secrets, transport),
                                    pool,
                                    looks,
                                    meter))));
  }

  void stop(@Observes ShutdownEvent event) {
    pool.shutdownNow();
  }
}
