package dev.curfew.account;

import java.time.Instant;

/**
 * A one-time link to enrolment, shown once to the administrator who made it.
 *
 * @param secret the last part of {@code /enrol/…}; stored hashed
 */
public record Link(String person, String secret, Instant until) {

  public String path() {
    return "/enrol/" + secret;
  }

  @Override
  public String toString() {
    return "Link[" + person + "]";
  }
}
