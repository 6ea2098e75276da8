package dev.curfew.connector;

import java.time.Duration;

/** Where calls to targets are counted and timed. Implemented in boot over the metrics. */
@FunctionalInterface
public interface Meter {

  Meter NONE = (kind, verb, result, took) -> {};

  /**
   * One call is over, as far as its caller is concerned.
   *
   * @param verb {@code provision}, {@code revoke}, …
   * @param result {@code done}, {@code again}, {@code later}, {@code refused}, {@code late}, {@code
   *     busy}; for a look what it saw: {@code present}, {@code absent}, {@code unknown}
   */
  void called(String kind, String verb, String result, Duration took);
}
