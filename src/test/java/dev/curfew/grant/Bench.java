package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.Ids;
import dev.curfew.audit.Proven;
import dev.curfew.connector.Ask;
import dev.curfew.connector.Connector;
import dev.curfew.connector.Endpoint;
import dev.curfew.connector.Entitlement;
import dev.curfew.connector.Target;
import dev.curfew.connector.sql.OrdersServer;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.identity.Scope;
import dev.curfew.identity.Session;
import dev.curfew.testing.PaperConnector;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the tests of grants do over and over: open one, work the queue by hand, read what is. */
@Alternative
@ApplicationScoped
class Bench {

  static final Caller ALICE = person("alice", Set.of());
  static final Caller ADMIN = person("ada", Set.of(Role.ADMINISTRATOR.group()));
  static final String TARGET = "orders-db";
  static final Proven PROOF = new Proven("passkey, bound to this", "proof-4711");

  private final EntityManager store;
  private final GrantFlow flow;
  private final Queue queue;
  private final GrantCalls calls;
  private final Pickup pickup;
  private final Grants grants;
  private final PaperConnector paper;
  private final OnPaper.AnyObjection clearance;
  private final Clocks clocks;

  Bench(
      EntityManager store,
      GrantFlow flow,
      Queue queue,
      GrantCalls calls,
      Pickup pickup,
      Grants grants,
      PaperConnector paper,
      OnPaper.AnyObjection clearance,
      Clocks clocks) {
    this.store = store;
    this.flow = flow;
    this.queue = queue;
    this.calls = calls;
    this.pickup = pickup;
    this.grants = grants;
    this.paper = paper;
    this.clearance = clearance;
    this.clocks = clocks;
  }

  static Caller person(String id, Set<String> groups) {
    return new Caller(
        id,
        id,
        groups,
        new Session(Session.Kind.PAGE, "session-of-" + id),
        Set.of(Scope.values()),
        "192.0.2.7");
  }

  static Target target(String id) {
    Endpoint anywhere = new Endpoint("localhost", 1);
    return new Target(id, PaperConnector.KIND, anywhere, anywhere, Map.of());
  }

  /** An empty store of grants and blank paper. */
  @Transactional
  public void clear() {
    store
        .createNativeQuery(
            "truncate access_grant, grant_fact, grant_finding, quarantine_finding, quarantine_look,"
                + " target_witness")
        .executeUpdate();
    store
        .createNativeQuery("update store_quarantine set since = null, reasons = '[]', highest = 1")
        .executeUpdate();
    paper.reset();
    clearance.objection = null;
    clearance.broken = false;
  }

  String planned() {
    return planned(TARGET);
  }

  /** A grant that is decided, and that no call was made for. */
  @Transactional
  public String planned(String target) {
    return planned(paper, target(target), new Entitlement(target + "/read-only", Map.of()));
  }

  /** The same on a real PostgreSQL. */
  @Transactional
  public String plannedOnPostgres() {
    return planned(OrdersServer.connector(), OrdersServer.target(), OrdersServer.readOnly());
  }

  private String planned(Connector connector, Target target, Entitlement entitlement) {
    String id = Ids.next();
    Ask ask =
        new Ask(
            id,
            OnPaper.ThisInstallation.BROKER,
            OnPaper.ThisInstallation.ID,
            target,
            entitlement,
            "digest");
    Duration window = Duration.ofMinutes(30);
    Effects effects = Preview.effects(connector.plan(ask), connector.profile(), window);
    flow.plan(
        new Opening(
            id,
            "request-of-" + id,
            ALICE.person(),
            entitlement.id(),
            target.id(),
            window,
            Duration.ofHours(1),
            effects,
            "digest"),
        effects,
        Caller.BROKER);
    return id;
  }

  String active() {
    return active(TARGET);
  }

  /** A grant that stands at its target. */
  String active(String target) {
    String id = planned(target);
    workOnce();
    return id;
  }

  /** A grant whose secret was handed out. */
  String handedOut() {
    return handedOut(TARGET);
  }

  String handedOut(String target) {
    String id = active(target);
    pickUp(id);
    return id;
  }

  /** The same on a node that only revokes: as if it had been handed out before. */
  String handedOutEvenSo() {
    String id = active();
    sql("update access_grant set issuing_at = clock_timestamp() where id = ?1", id);
    return id;
  }

  Handover pickUp(String id) {
    return pickup.pickUp(ALICE, id, PROOF, () -> {});
  }

  void giveBack(String id) {
    flow.end(ALICE, id, EndReason.GIVEN_BACK, null);
  }

  /** Ends what is due, then makes each call that is due once. */
  void workOnce() {
    flow.endDue();
    queue.claim(Queue.Work.REVOKE, "hand", 100).forEach(calls::revoke);
    queue.claim(Queue.Work.PROVISION, "hand", 100).forEach(calls::provision);
  }

  /** A worker takes what is due to end, and is never heard of again. */
  void claimAsOneWhoDies() {
    queue.claim(Queue.Work.REVOKE, "one who dies", 100);
  }

  /** Makes each provision that is due, once. */
  void provisionOnly() {
    queue.claim(Queue.Work.PROVISION, "hand", 100).forEach(calls::provision);
  }

  /** As far as a worker comes that dies just before it calls the target. */
  void begin(String id) {
    sql(
        """
        update access_grant set came_from = state, state = 'PROVISIONING' where id = ?1
        """,
        id);
  }

  /** The same, without waiting for the time of the next try. */
  void workAgain() {
    retryNow();
    workOnce();
  }

  @Transactional
  public void retryNow() {
    store
        .createNativeQuery("update access_grant set next_at = :now where next_at is not null")
        .setParameter("now", clocks.now())
        .executeUpdate();
  }

  /** Its end is now, as if the time had passed. */
  @Transactional
  public void makeDue(String id) {
    sql("update access_grant set due_at = clock_timestamp() - interval '1 s' where id = ?1", id);
  }

  /** As if the holder of its lease had died a while ago. */
  @Transactional
  public void loseLease(String id) {
    sql(
        "update access_grant set lease_until = clock_timestamp() - interval '1 s' where id = ?1",
        id);
  }

  @Transactional
  public int sql(String statement, Object... values) {
    var query = store.createNativeQuery(statement);
    for (int i = 0; i < values.length; i++) {
      query.setParameter(i + 1, values[i]);
    }
    return query.executeUpdate();
  }

  /** Rows that contain the text. */
  @Transactional
  public long count(String query, String text) {
    return ((Number)
            store.createNativeQuery(query).setParameter(1, "%" + text + "%").getSingleResult())
        .longValue();
  }

  @Transactional
  public List<String> history(String grant) {
    return store
        .createNativeQuery(
            "select kind from audit_entry where grant_id = ?1 order by at, id", String.class)
        .setParameter(1, grant)
        .getResultList()
        .stream()
        .map(String.class::cast)
        .toList();
  }

  /** The kinds of the entries about what a look found under that grant's name, in their order. */
  @Transactional
  public List<String> historyOfPrincipal(String grant) {
    return store
        .createNativeQuery(
            "select kind from audit_entry where body::json->>'principal' like ?1 order by at, id",
            String.class)
        .setParameter(1, "%" + grant)
        .getResultList()
        .stream()
        .map(String.class::cast)
        .toList();
  }

  /** The body of the grant's last entry of that kind. */
  @Transactional
  public String entry(String grant, String kind) {
    return (String)
        store
            .createNativeQuery(
                "select body from audit_entry where grant_id = ?1 and kind = ?2"
                    + " order by at desc, id desc limit 1",
                String.class)
            .setParameter(1, grant)
            .setParameter(2, kind)
            .getSingleResult();
  }

  GrantView view(String id) {
    return grants.view(id).orElseThrow();
  }

  GrantState state(String id) {
    return view(id).state();
  }
}
