package dev.curfew.connector;

import java.util.List;

/**
 * What an entitlement gives, as read from the target.
 *
 * @param gives one line per privilege, for example {@code SELECT on public.orders}
 * @param everyone what any login on this server can do as well
 * @param refusals why this entitlement must not be requested as the target stands; empty when it
 *     may
 */
public record Described(List<String> gives, List<String> everyone, List<String> refusals) {

  public Described {
    gives = List.copyOf(gives);
    everyone = List.copyOf(everyone);
    refusals = List.copyOf(refusals);
  }
}
