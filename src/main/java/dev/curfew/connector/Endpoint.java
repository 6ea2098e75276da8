package dev.curfew.connector;

/** A host and a port; never a URL, so that a file cannot bring driver options along. */
public record Endpoint(String host, int port) {

  public Endpoint {
    if (host == null || !host.matches("[A-Za-z0-9._:-]{1,253}")) {
      throw new IllegalArgumentException("a host is a name or an address, not: " + host);
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("a port is between 1 and 65535, not: " + port);
    }
  }
}
