package dev.curfew.testing;

import dev.curfew.catalog.PacksReport;
import dev.curfew.catalog.Readers;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The demo's packs and rules, accepted by configuration as a pipeline would do it. The target is
 * where nobody listens, unless the test says otherwise with {@code host} and {@code port}.
 */
public final class DemoPacks implements QuarkusTestResourceLifecycleManager {

  private final Map<String, String> settings = new HashMap<>();

  @Override
  public void init(Map<String, String> where) {
    settings.put("CURFEW_TARGET_ORDERS_HOST", where.getOrDefault("host", "localhost"));
    settings.put("CURFEW_TARGET_ORDERS_PORT", where.getOrDefault("port", "1"));
  }

  @Override
  public Map<String, String> start() {
    List<Path> folders = List.of(Path.of("connectors"), Path.of("approvals"));
    PacksReport report = PacksReport.of(Readers.reader(), folders, List.of());
    settings.put("curfew.broker.id", "t");
    settings.put("curfew.packs.dirs", "connectors,approvals");
    settings.put("curfew.packs.accepted", report.digest());
    return settings;
  }

  @Override
  public void stop() {
    // nothing was started
  }
}
