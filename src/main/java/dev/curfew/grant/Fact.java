package dev.curfew.grant;

import dev.curfew.connector.Step;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;

/** One line of what a step of a revocation did or read. */
@Entity
@Table(name = "grant_fact")
class Fact {

  /** How a connector begins such a line. */
  private static final String LEFT_BEHIND = "left behind";

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Long id;

  @Column(name = "grant_id")
  String grant;

  Instant at;

  @Enumerated(EnumType.STRING)
  Step step;

  String line;

  protected Fact() {}

  Fact(String grant, Instant at, Step step, String line) {
    this.grant = grant;
    this.at = at;
    this.step = step;
    this.line = line;
  }

  /** What its person made at the target and where it is now. */
  static List<String> leftBehind(List<Fact> facts) {
    return facts.stream()
        .map(fact -> fact.line)
        .filter(line -> line.startsWith(LEFT_BEHIND))
        .map(line -> line.substring(LEFT_BEHIND.length()).replaceFirst("^[,:]\\s*", ""))
        .toList();
  }
}
