package dev.curfew.account;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of sessions and tokens. */
@ConfigMapping(prefix = "curfew.sign-in")
public interface AccountConfig {

  /** A browser session that is not used for this long ends. */
  @WithDefault("2h")
  Duration idle();

  /** A browser session ends after this long, used or not. */
  @WithDefault("12h")
  Duration longest();

  /** The longest life somebody may give a personal token. */
  @WithDefault("90d")
  Duration longestToken();

  /**
   * The EC P-256 private key (PEM, PKCS#8) that signs the 10-minute tokens of the API, the same on
   * all nodes. Without it each start makes its own, and only that node takes its tokens.
   */
  Optional<Path> keyFile();
}
