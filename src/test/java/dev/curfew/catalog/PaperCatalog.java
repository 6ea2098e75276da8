package dev.curfew.catalog;

import dev.curfew.connector.Ask;
import dev.curfew.connector.Endpoint;
import dev.curfew.connector.Entitlement;
import dev.curfew.connector.Target;
import dev.curfew.testing.PaperConnector;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A catalog of two entitlements and real rules, for tests of what lies above it. */
@Alternative
@Singleton
public class PaperCatalog extends Catalog {

  public static final String READ = "orders-db/read-only";
  public static final String WRITE = "orders-db/read-write";
  public static final String FREE = "orders-db/status";
  public static final String LONELY = "orders-db/migration";

  private static final String RULES =
      """
      rules:
        - name: read
          for: orders-db/read-only
          who: {groups: engineering}
          ask: {group: dba-oncall, approvers: 1, acceptCode: true}
        - name: write
          for: orders-db/read-write
          who: {groups: engineering}
          ask: {group: dba-oncall, approvers: 2, acceptCode: true}
        - name: long-writing-needs-a-ticket
          for: orders-db/read-write
          when: window > duration("1h") && ticket == ""
          deny: writing for longer than 1 h needs a ticket
        - name: status
          for: orders-db/status
          who: {groups: engineering}
          allow: true
        - name: lonely
          for: orders-db/migration
          who: {groups: engineering}
          ask: {group: lonely, approvers: 1, acceptCode: true}
      """;

  PaperCatalog() {
    super(null, null, null, null, null, null);
  }

  @Override
  public String digest() {
    return "d1";
  }

  @Override
  public List<RuleFile> rules() {
    return List.of(new RuleFile("orders.yaml", RULES));
  }

  @Override
  public List<Offer> offers() {
    return Set.of(READ, WRITE, FREE, LONELY).stream().sorted().map(PaperCatalog::offerOf).toList();
  }

  @Override
  public Optional<Offer> offer(String entitlement) {
    return offers().stream().filter(offer -> offer.id().equals(entitlement)).findFirst();
  }

  @Override
  public List<Offer> search(String text, String tag) {
    return offers().stream().filter(offer -> text == null || offer.id().contains(text)).toList();
  }

  @Override
  public Ask ask(String entitlement, String grantId) {
    return new Ask(
        grantId,
        "t1",
        "installation-of-the-test",
        target("orders-db").orElseThrow(),
        new Entitlement(entitlement, Map.of()),
        digest());
  }

  @Override
  public Optional<Target> target(String id) {
    Endpoint anywhere = new Endpoint("localhost", 1);
    return Optional.of(new Target(id, PaperConnector.KIND, anywhere, anywhere, Map.of()));
  }

  @Override
  public List<TargetView> targets() {
    return List.of();
  }

  @Override
  public Optional<String> closed(String target) {
    return Optional.empty();
  }

  private static Offer offerOf(String id) {
    return new Offer(
        id,
        "orders-db",
        id,
        "for tests",
        List.of(),
        Level.READ,
        Duration.ofHours(8),
        List.of("SELECT on public.orders"),
        List.of(),
        List.of(),
        Optional.empty(),
        "G2",
        Duration.ofSeconds(15),
        "sessions live until they are cut");
  }
}
