package dev.curfew.account;

/**
 * A browser that is not signed in yet.
 *
 * @param address where it calls from
 * @param agent what it calls itself
 */
public record Visitor(String address, String agent) {

  private static final int LONGEST = 200;

  public Visitor {
    agent = agent == null ? "" : agent;
    agent = agent.length() > LONGEST ? agent.substring(0, LONGEST) : agent;
  }
}
