package dev.curfew.connector.sql;

import java.util.List;

/** An engine pack cannot be used; holds all that is wrong with it, each with its mend. */
public final class SqlPackException extends RuntimeException {

  private final List<String> problems;

  SqlPackException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
