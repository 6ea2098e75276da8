package dev.curfew.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The store for {@code @QuarkusTest}: an empty database in the shared PostgreSQL 17, for each start
 * of the application.
 */
public final class Store implements QuarkusTestResourceLifecycleManager {

  @Override
  public Map<String, String> start() {
    Servers.Shared server = Servers.pg17();
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.datasource.jdbc.url", server.url(server.createDatabase("store")));
    settings.put("quarkus.datasource.username", server.user());
    settings.put("quarkus.datasource.password", server.password());
    settings.put("curfew.targets.unencrypted-loopback", "true");
    settings.put("curfew.data.dir", Path.of("target", "data").toAbsolutePath().toString());
    return settings;
  }

  @Override
  public void stop() {
    // the server ends with the test process; databases go with it
  }
}
