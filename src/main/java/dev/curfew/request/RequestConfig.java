package dev.curfew.request;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits of asking. They keep approvers from being worn down by asks. */
@ConfigMapping(prefix = "curfew.requests")
public interface RequestConfig {

  /** How many requests of one person may wait for votes at once. */
  @WithDefault("5")
  int open();

  /** How many requests one person may make in 24 hours. */
  @WithDefault("20")
  int daily();
}
