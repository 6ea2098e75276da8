package dev.curfew.boot;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import jakarta.enterprise.context.ApplicationScoped;

/** What Prometheus reads of this node at this moment. */
@ApplicationScoped
public class Figures {

  private final Gauges gauges;
  private final PrometheusMeterRegistry registry;

  Figures(Gauges gauges, PrometheusMeterRegistry registry) {
    this.gauges = gauges;
    this.registry = registry;
  }

  /**
   * The value of a series, read from the store anew.
   *
   * @param series its name, and its labels in the order of their names
   */
  public double of(String series) {
    gauges.read();
    return registry
        .scrape(TextFormat.CONTENT_TYPE_OPENMETRICS_100)
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(series + " is missing"));
  }
}
