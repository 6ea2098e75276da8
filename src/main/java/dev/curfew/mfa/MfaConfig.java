package dev.curfew.mfa;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the second factor. */
@ConfigMapping(prefix = "curfew.mfa")
public interface MfaConfig {

  /**
   * Whether a code is enough for an administrator's acts, tokens and keys. A code can be phished
   * and says nothing of the act, so this is meant for the demo and for the days before keys arrive.
   */
  @WithDefault("false")
  boolean adminAcceptCode();

  /**
   * The key that seals the seeds of authenticator apps in the store: 32 random bytes in base64,
   * 0600, the same on all nodes, and not where the store is kept. Without it, outside production,
   * one is made in the data folder.
   */
  Optional<Path> seedKeyFile();
}
