package dev.curfew.boot;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Optional;

/** The configuration as Quarkus will read it, read before Quarkus runs. */
final class EarlyConfig {

  static final String DATASOURCE = "quarkus.datasource.jdbc.url";

  private static final int INSIDE_THE_JAR = 250;

  private final SmallRyeConfig config;

  private EarlyConfig(SmallRyeConfig config) {
    this.config = config;
  }

  static EarlyConfig read() {
    return new EarlyConfig(builder().build());
  }

  /** For those who register mappings with it; never registered as the process's configuration. */
  static SmallRyeConfigBuilder builder() {
    return ConfigUtils.configBuilder();
  }

  Optional<String> text(String key) {
    return config.getOptionalValue(key, String.class).filter(value -> !value.isBlank());
  }

  /** Whether the value comes from this host, not from the defaults inside the jar. */
  boolean isSetHere(String key) {
    ConfigValue value = config.getConfigValue(key);
    return value.getValue() != null && value.getConfigSourceOrdinal() > INSIDE_THE_JAR;
  }

  int number(String key, int otherwise) {
    return config.getOptionalValue(key, Integer.class).orElse(otherwise);
  }

  boolean hasDatasource() {
    return text(DATASOURCE).isPresent();
  }
}
