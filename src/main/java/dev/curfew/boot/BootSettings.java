package dev.curfew.boot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.util.Optional;

/** How this process starts. */
@ConfigMapping(prefix = "curfew")
interface BootSettings {

  /** Whether a start without a datasource becomes a demo. */
  @WithDefault("auto")
  Demo demo();

  /**
   * Where the demo keeps its servers and secrets, and where the one-time set-up token is written.
   */
  @WithName("data.dir")
  @WithDefault("data")
  Path dataDir();

  /** The folder that {@code file:} references to secrets name files in. */
  @WithName("secrets.dir")
  Optional<Path> secretsDir();

  /**
   * Whether a target on this very machine may be reached without TLS, by {@code sslmode: disable}.
   * For the demo and for tests.
   */
  @WithName("targets.unencrypted-loopback")
  @WithDefault("false")
  boolean unencryptedLoopback();

  /** The kinds of start. */
  enum Demo {
    /** A demo when no datasource is set. */
    AUTO,
    /** A missing datasource is an error. */
    NEVER,
    /** This is a demo; set by the start itself, not by people. */
    ON
  }
}
