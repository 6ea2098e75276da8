package dev.curfew.grant;

import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.connector.Receipt;
import dev.curfew.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The beginnings of a grant's entries, and values as the audit keeps them. */
final class Entries {

  private Entries() {}

  static Entry of(Kind kind, Caller by, Grant grant) {
    return Entry.of(kind, by)
        .subject(grant.person)
        .target(grant.target)
        .entitlement(grant.entitlement)
        .request(grant.requestId)
        .grant(grant.id);
  }

  static Entry byBroker(Kind kind, Grant grant) {
    return of(kind, Caller.BROKER, grant);
  }

  /** That a target takes new grants, or takes none from now on. */
  static Entry opened(String target, boolean open, String why) {
    return open
        ? Entry.of(Kind.TARGET_OPENED, Caller.BROKER).target(target).with("why", why)
        : Entry.of(Kind.TARGET_CLOSED, Caller.BROKER)
            .target(target)
            .outcome(Entry.Outcome.FAILED)
            .with("why", why);
  }

  /** What it is called at the target; null when its handle does not say. */
  static String principal(Grant grant) {
    return grant.handle().facts().get("role");
  }

  static String time(Instant at) {
    return at == null ? null : at.toString();
  }

  /** Null when it says no more than what everybody is told. */
  static String detail(String told, String detail) {
    return Objects.equals(told, detail) ? null : detail;
  }

  static List<String> lines(Receipt receipt) {
    return receipt.facts().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }
}
