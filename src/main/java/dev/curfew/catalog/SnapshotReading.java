package dev.curfew.catalog;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** The reader of snapshots as this node is configured. */
@Singleton
class SnapshotReading {

  @Produces
  @Singleton
  SnapshotReader reader(
      EngineReader engines,
      RuleCheck rules,
      PacksSettings packs,
      TargetsSettings targets,
      Config config) {
    return new SnapshotReader(
        engines,
        rules,
        Set.copyOf(packs.trusted().orElse(List.of())),
        new AllowedHosts(targets.allowedHosts().orElse(List.of())),
        name -> config.getOptionalValue(name, String.class).orElse(null));
  }
}
