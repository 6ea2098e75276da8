package dev.curfew.mfa;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the second factor. */
@ConfigMapping(prefix = "curfew.mfa")
public interface MfaConfig {

  /**
   * Whether a code is enough for an administrator's acts, tokens and keys. A code can be phished
   * and says nothing of the act, so this is meant for the demo and for the days before keys arrive.
   */
  @WithDefault("false")
  boolean adminAcceptCode();
}
