package dev.curfew.catalog;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What holds for every target. */
@ConfigMapping(prefix = "curfew.targets")
public interface TargetsSettings {

  /**
   * Hosts that targets may be on: names or addresses, {@code *.db.example.org} for all names below.
   * When unset every host may be used except link-local addresses.
   */
  Optional<List<String>> allowedHosts();

  /** How often each node checks its targets and reads again what their entitlements give. */
  @WithDefault("60s")
  Duration checkEvery();

  /** How long one check of a target may take. */
  @WithDefault("15s")
  Duration checkWithin();
}
