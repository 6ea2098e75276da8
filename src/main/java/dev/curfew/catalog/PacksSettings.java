package dev.curfew.catalog;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where packs and rules come from, and which of them are taken. */
@ConfigMapping(prefix = "curfew.packs")
public interface PacksSettings {

  /**
   * Folders with packs (folders that hold a {@code pack.yaml}) and rules ({@code *.yaml} right in
   * them). Needed outside the demo; the demo reads {@code connectors} and {@code approvals}.
   */
  Optional<List<Path>> dirs();

  /**
   * Digests of statements that are taken although this build was not made with them. The refusal of
   * an engine pack names its digest.
   */
  Optional<List<String>> trusted();

  /**
   * Digest of the snapshot to accept without an administrator, once: when it was accepted before
   * and another since, it is not taken back by this.
   */
  Optional<String> accepted();

  /** How often a node looks whether its files changed. */
  @WithDefault("3s")
  Duration reread();
}
