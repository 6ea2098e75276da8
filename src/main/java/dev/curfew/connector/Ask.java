package dev.curfew.connector;

/**
 * What is to be planned.
 *
 * @param grant the grant's id, reserved at submit
 * @param broker this broker's id, {@code [a-z0-9]{1,2}}
 * @param installation the random id made with the store
 * @param snapshot digest of the packs and rules this was decided by
 */
public record Ask(
    String grant,
    String broker,
    String installation,
    Target target,
    Entitlement entitlement,
    String snapshot) {

  public Ask {
    if (!broker.matches("[a-z0-9]{1,2}")) {
      throw new IllegalArgumentException(
          "a broker id is one or two of a-z and 0-9, not: " + broker);
    }
  }
}
