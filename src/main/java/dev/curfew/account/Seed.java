package dev.curfew.account;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** People who are there from the start: the demo's, and the first administrator. */
@ApplicationScoped
public class Seed {

  /**
   * @param user sign-in name
   * @param totpSecret base32, as in an otpauth URI
   */
  public record Settled(
      String user, String name, String password, Set<String> groups, String totpSecret) {}

  /**
   * Makes the person if the user name is free, with a second factor, settled; else does nothing.
   */
  public void person(Settled settled) {
    throw new UnsupportedOperationException();
  }

  /**
   * The first administrator of an installation and the link to enrol by; refused once there is one.
   */
  public Link firstAdministrator(String user, String name) {
    throw new UnsupportedOperationException();
  }

  /** Whether somebody is an enabled administrator. */
  public boolean hasAdministrator() {
    throw new UnsupportedOperationException();
  }
}
