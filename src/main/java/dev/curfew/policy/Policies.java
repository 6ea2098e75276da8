package dev.curfew.policy;

import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.Problem;
import dev.curfew.catalog.RuleFile;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** The policy of the accepted snapshot. */
@ApplicationScoped
public class Policies {

  private static final Logger LOG = Logger.getLogger(Policies.class);

  private record Ready(String digest, Policy policy) {}

  private final Catalog catalog;
  private final Rules rules;
  private final MeterRegistry meters;
  private volatile Ready ready = new Ready("", null);

  Policies(Catalog catalog, Rules rules, MeterRegistry meters) {
    this.catalog = catalog;
    this.rules = rules;
    this.meters = meters;
  }

  /**
   * @throws dev.curfew.CurfewException {@code REVOKE_ONLY} when no snapshot is accepted
   */
  public Policy current() {
    Ready last = ready;
    while (!last.digest().equals(catalog.digest())) {
      String digest = catalog.digest();
      last = new Ready(digest, read(digest, catalog.rules()));
      ready = last;
    }
    return last.policy();
  }

  private Policy read(String digest, List<RuleFile> files) {
    List<Problem> problems = new ArrayList<>();
    List<Rule> read = rules.read(files, problems);
    // at 0 from the start: an alert sees an increase only of what it saw before
    read.forEach(rule -> errors(rule.name()));
    Policy policy = new Policy(digest, read, this::alarm);
    if (!problems.isEmpty()) {
      throw new IllegalStateException("rules that were accepted cannot be read: " + problems);
    }
    return policy;
  }

  /** Counted under {@code curfew.rule.errors}, on which an alert pages. */
  private void alarm(Trace.Tried tried) {
    LOG.errorf("The rule %s (%s:%d) %s", tried.rule(), tried.file(), tried.line(), tried.text());
    errors(tried.rule()).increment();
  }

  private Counter errors(String rule) {
    return Counter.builder("curfew.rule.errors")
        .description("Decisions in which a rule could not be worked out, and so denied")
        .tag("rule", rule)
        .register(meters);
  }
}
