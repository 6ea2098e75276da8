package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Proven;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Target;
import dev.curfew.connector.Told;
import dev.curfew.connector.Witness;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;

/**
 * How far each target was told that this store is, which is what its server must remember. One that
 * remembers less was restored from a backup, or is a copy of what goes on elsewhere: what is
 * missing there is not proven gone, nothing new is given there, and it is not told anew, until an
 * administrator accepts it as it is or the right server answers again.
 */
@ApplicationScoped
public class TargetMemory {

  private final EntityManager store;
  private final Audit audit;
  private final Clocks clocks;

  TargetMemory(EntityManager store, Audit audit, Clocks clocks) {
    this.store = store;
    this.audit = audit;
    this.clocks = clocks;
  }

  /** Empty when that server was told nothing yet. To be read before the server is asked. */
  @Transactional
  Optional<Told> told(String target, Optional<String> server) {
    List<?> rows =
        store
            .createNativeQuery(
                """
                select told_generation, told_n from target_witness
                where target = :target and server = :server and told_n > 0
                """,
                Object[].class)
            .setParameter("target", target)
            .setParameter("server", server.orElse(""))
            .getResultList();
    return rows.stream()
        .map(Object[].class::cast)
        .map(row -> new Told(((Number) row[0]).longValue(), ((Number) row[1]).longValue()))
        .findFirst();
  }

  /** The handle with what its server must remember for its answer to prove anything. */
  Handle expecting(Handle handle) {
    return Optional.ofNullable(handle.facts().get("target"))
        .flatMap(target -> told(target, handle.server()))
        .map(told -> told.on(handle))
        .orElse(handle);
  }

  /** Notes what a target was told; to be called after that. */
  @Transactional
  void tell(Target target, Witness now) {
    store
        .createNativeQuery(
            """
            insert into target_witness as was
              (target, seen_at, server, told_generation, told_n)
            values (:target, :now, :server, :generation, :n)
            on conflict (target) do update set server = excluded.server,
              told_generation = excluded.told_generation, told_n = excluded.told_n
            where was.server <> excluded.server
              or (was.told_generation, was.told_n) < (excluded.told_generation, excluded.told_n)
            """)
        .setParameter("target", target.id())
        .setParameter("now", clocks.now())
        .setParameter("server", target.server().orElse(""))
        .setParameter("generation", now.generation())
        .setParameter("n", now.n())
        .executeUpdate();
  }

  /** Notes whether it remembers less than it was told; the history is told when that is news. */
  @Transactional
  void putBack(String target, boolean isPutBack) {
    int changed =
        store
            .createNativeQuery(
                """
                update target_witness set put_back = :is, seen_at = :now
                where target = :target and put_back <> :is
                """)
            .setParameter("is", isPutBack)
            .setParameter("now", clocks.now())
            .setParameter("target", target)
            .executeUpdate();
    if (changed == 1) {
      audit.record(
          Entries.opened(
              target,
              !isPutBack,
              isPutBack ? words(target) : "it remembers again what it was told"));
    }
  }

  /** Why nothing new is given there; empty when it may be. */
  @Transactional
  Optional<String> against(String target) {
    return putBackServer(target).map(server -> words(target));
  }

  private static String words(String target) {
    return "%s remembers less of Curfew than it was told, as after a restore from a backup or as a copy does; an administrator has to look"
        .formatted(target);
  }

  /** The server of that target, when it remembers less than it was told. */
  @Transactional
  public Optional<String> putBackServer(String target) {
    return store
        .createNativeQuery(
            "select server from target_witness where target = :target and put_back", String.class)
        .setParameter("target", target)
        .getResultStream()
        .map(String.class::cast)
        .findFirst();
  }

  /**
   * From now on the server is taken as it is: what is missing there is gone. In the caller's
   * transaction.
   *
   * @throws CurfewException WRONG_STATE when it remembers all, by now
   */
  @Transactional
  public void accept(Caller by, String target, String server, Proven proof) {
    int changed =
        store
            .createNativeQuery(
                """
                update target_witness set told_generation = 0, told_n = 0, put_back = false
                where target = :target and server = :server and put_back
                """)
            .setParameter("target", target)
            .setParameter("server", server)
            .executeUpdate();
    if (changed == 0) {
      throw new CurfewException(
          Fault.WRONG_STATE, target + " remembers all that it was told; nothing is to be accepted");
    }
    audit.record(
        Entry.of(Kind.SERVER_ACCEPTED, by).target(target).with("server", server).with(proof));
  }
}
