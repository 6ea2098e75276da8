package dev.curfew.catalog;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Proven;
import dev.curfew.connector.Target;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;

/**
 * Which server each target is, by what the server says of itself: the first one that a good check
 * met, until an administrator accepts another. The same name at another address is asked anew.
 */
@ApplicationScoped
class TargetServers {

  /**
   * @param other what answered last in place of the pinned one, until that answers again
   */
  record Pin(String server, Optional<String> other) {}

  private static final String THIS = " where target = :target and host = :host and port = :port";

  private final EntityManager store;
  private final Clocks clocks;
  private final Audit audit;

  TargetServers(EntityManager store, Clocks clocks, Audit audit) {
    this.store = store;
    this.clocks = clocks;
    this.audit = audit;
  }

  @Transactional
  Optional<Pin> of(Target target) {
    List<?> rows =
        at(target, "select server, other from target_server" + THIS, Object[].class)
            .getResultList();
    return rows.stream()
        .map(Object[].class::cast)
        .map(row -> new Pin((String) row[0], Optional.ofNullable((String) row[1])))
        .findFirst();
  }

  /** The target as it is handed to connectors: with its server, where that is known. */
  Target pinned(Target target) {
    return of(target).map(pin -> target.on(pin.server())).orElse(target);
  }

  /** Pins the first server; answers the one that is pinned, which may be another. */
  @Transactional
  String first(Target target, String server) {
    int made =
        at(
                target,
                """
                insert into target_server (target, host, port, server, since)
                values (:target, :host, :port, :server, :now) on conflict do nothing
                """)
            .setParameter("server", server)
            .setParameter("now", clocks.now())
            .executeUpdate();
    if (made == 1) {
      audit.record(
          Entry.of(Kind.SERVER_PINNED, Caller.BROKER).target(target.id()).with("server", server));
    }
    return of(target).orElseThrow().server();
  }

  /** What answers now; told once when it is another than the pinned one. */
  @Transactional
  void answers(Target target, String server) {
    int changed =
        at(
                target,
                """
                update target_server set other = nullif(:server, server)
                """
                    + THIS
                    + " and other is distinct from nullif(:server, server)")
            .setParameter("server", server)
            .executeUpdate();
    Pin pin = of(target).orElseThrow();
    if (changed == 1 && pin.other().isPresent()) {
      audit.record(
          Entry.of(Kind.SERVER_CHANGED, Caller.BROKER)
              .target(target.id())
              .outcome(Entry.Outcome.FAILED)
              .with("server", server)
              .with("replaces", pin.server()));
    }
  }

  /**
   * @throws CurfewException WRONG_STATE unless it is this server that answers in place of the
   *     pinned one
   */
  @Transactional
  void mustAnswer(Target target, String server) {
    if (of(target).flatMap(Pin::other).filter(server::equals).isEmpty()) {
      throw new CurfewException(
          Fault.WRONG_STATE,
          target.id() + " does not answer as a new server " + server + "; check it and look again");
    }
  }

  /** From now on the target is this server. What was given on the one before stays bound to it. */
  @Transactional
  void accept(Caller by, Target target, String server, Proven proof) {
    String before = of(target).map(Pin::server).orElse(null);
    int changed =
        at(
                target,
                """
                update target_server
                set server = :server, since = :now, accepted_by = :by, other = null
                """
                    + THIS
                    + " and other = :server")
            .setParameter("server", server)
            .setParameter("now", clocks.now())
            .setParameter("by", by.person())
            .executeUpdate();
    if (changed == 0) {
      mustAnswer(target, server);
    }
    audit.record(
        Entry.of(Kind.SERVER_ACCEPTED, by)
            .target(target.id())
            .with("server", server)
            .with("replaces", before)
            .with(proof));
  }

  /**
   * Notes whether the target takes new grants; true when that is news to all nodes. What was never
   * closed need not be told open.
   */
  @Transactional
  boolean isNews(String target, boolean closed) {
    int changed =
        store
            .createNativeQuery(
                """
                insert into target_standing as was (target, closed, since)
                select :target, :closed, :now
                where :closed or exists (select from target_standing t where t.target = :target)
                on conflict (target) do update set closed = excluded.closed, since = excluded.since
                where was.closed <> excluded.closed
                """)
            .setParameter("target", target)
            .setParameter("closed", closed)
            .setParameter("now", clocks.now())
            .executeUpdate();
    return changed == 1;
  }

  private Query at(Target target, String sql) {
    return where(target, store.createNativeQuery(sql));
  }

  private Query at(Target target, String sql, Class<?> row) {
    return where(target, store.createNativeQuery(sql, row));
  }

  private static Query where(Target target, Query query) {
    return query
        .setParameter("target", target.id())
        .setParameter("host", target.admin().host())
        .setParameter("port", target.admin().port());
  }
}
