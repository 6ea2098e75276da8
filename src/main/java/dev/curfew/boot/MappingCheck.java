package dev.curfew.boot;

import dev.curfew.account.AccountConfig;
import dev.curfew.boot.StartProblems.Problem;
import dev.curfew.boot.StartProblems.Reach;
import dev.curfew.catalog.BrokerSettings;
import dev.curfew.catalog.PacksSettings;
import dev.curfew.catalog.TargetsSettings;
import dev.curfew.grant.GrantSettings;
import dev.curfew.mfa.MfaConfig;
import dev.curfew.request.RequestConfig;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Reads every {@code curfew.*} setting before Quarkus does: a bad value would end the process, and
 * with it the taking away. It is reported and overridden by its default.
 */
final class MappingCheck {

  static final List<Class<?>> MAPPINGS =
      List.of(
          AccountConfig.class,
          BootSettings.class,
          BrokerSettings.class,
          GrantSettings.class,
          MfaConfig.class,
          PacksSettings.class,
          RequestConfig.class,
          TargetsSettings.class);

  /** Read without a mapping. */
  static final Map<String, String> SINGLE = Map.of("curfew.base-url", "http://localhost:8080");

  /**
   * No settings: which of the jar's commands runs and, in tests alone, which enable assertions,
   * where to stand still on purpose.
   */
  private static final Set<String> SWITCHES =
      MappingCheck.class.desiredAssertionStatus()
          ? Set.of("curfew.failpoint", RevokeApplication.RUNS)
          : Set.of(RevokeApplication.RUNS);

  private MappingCheck() {}

  /** Every key there is, with its default; null where there is none. */
  static Map<String, String> keys() {
    Map<String, String> keys = new TreeMap<>(SINGLE);
    MAPPINGS.forEach(mapping -> keys.putAll(properties(mapping)));
    return keys;
  }

  /** Finds all bad values and unknown keys, and sets bad values aside. */
  static List<Problem> run() {
    List<Problem> problems = new ArrayList<>();
    unknown(problems);
    for (Class<?> mapping : MAPPINGS) {
      check(mapping, problems);
    }
    return problems;
  }

  private static void unknown(List<Problem> problems) {
    Set<String> known = keys().keySet();
    Set<String> unknown = new TreeSet<>();
    for (ConfigSource source : EarlyConfig.builder().build().getConfigSources()) {
      if (source instanceof EnvConfigSource) {
        continue; // a platform puts names of its own beside ours there, such as CURFEW_PORT
      }
      for (String name : source.getPropertyNames()) {
        String key = name.replaceAll("\\[\\d+]$", "");
        if (key.startsWith("curfew.") && !known.contains(key) && !SWITCHES.contains(key)) {
          unknown.add(key);
        }
      }
    }
    unknown.forEach(
        key ->
            problems.add(
                new Problem(
                    Reach.GIVING,
                    key + " is no setting; see docs/configuration.md for how it is spelt")));
  }

  private static void check(Class<?> mapping, List<Problem> problems) {
    try {
      EarlyConfig.builder().withMapping(mapping).withValidateUnknown(false).build();
    } catch (ConfigValidationException e) {
      Map<String, String> defaults = properties(mapping);
      for (int i = 0; i < e.getProblemCount(); i++) {
        String message = e.getProblem(i).getMessage();
        defaults.keySet().stream()
            .filter(key -> message.contains(key + " ") || message.endsWith(key))
            .findFirst()
            .ifPresent(key -> setAside(key, defaults.get(key), problems));
      }
    }
  }

  private static void setAside(String key, String otherwise, List<Problem> problems) {
    String used = otherwise == null ? "" : otherwise;
    System.setProperty(key, used);
    problems.add(
        new Problem(
            Reach.GIVING,
            key
                + " has a value that cannot be read"
                + (used.isEmpty() ? "; it counts as not set" : "; " + used + " is used instead")));
  }

  private static Map<String, String> properties(Class<?> mapping) {
    Map<String, String> properties =
        new TreeMap<>(ConfigClass.configClass(mapping).getProperties());
    properties.keySet().removeIf(key -> key.endsWith("[*]")); // a list's other spelling
    return properties;
  }
}
