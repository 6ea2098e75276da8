package dev.curfew.catalog;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Who this broker is at its targets. */
@ConfigMapping(prefix = "curfew.broker")
public interface BrokerSettings {

  /**
   * One or two of {@code a-z} and {@code 0-9}, part of every name made at a target. Two brokers
   * that share a target must differ in it. Must be set in production and never be changed while
   * grants are live.
   */
  Optional<String> id();
}
