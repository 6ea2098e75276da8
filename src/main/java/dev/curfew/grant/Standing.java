package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.catalog.Installation;
import dev.curfew.catalog.Objection;
import dev.curfew.connector.Witness;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether the store went back: what the witnesses said, kept in the store for all nodes. A running
 * node is a witness itself: it remembers the newest entry of the history that it ever read, and
 * every transaction that asks here holds the store against that. So a store that goes back under
 * running nodes is known before the first decision by it.
 */
@ApplicationScoped
class Standing implements Objection {

  /**
   * @param since null while there is no quarantine
   * @param missing what this node saw in the store, and the store has no more; else null
   */
  record State(long generation, Instant since, List<String> reasons, Witness missing) {

    boolean isOn() {
      return isBegun() || missing != null;
    }

    /** On record in the store, for all nodes. */
    boolean isBegun() {
      return since != null;
    }
  }

  private final EntityManager store;
  private final Installation installation;
  private final Audit audit;
  private final Clocks clocks;
  private final TargetMemory targets;
  private final AtomicReference<Witness> memory = new AtomicReference<>();

  Standing(
      EntityManager store,
      Installation installation,
      Audit audit,
      Clocks clocks,
      TargetMemory targets) {
    this.targets = targets;
    this.store = store;
    this.installation = installation;
    this.audit = audit;
    this.clocks = clocks;
  }

  @Transactional
  State state() {
    Optional<Witness> known = Optional.ofNullable(memory.get());
    Tuple row =
        (Tuple)
            store
                .createNativeQuery(
                    """
                    select generation, since, reasons, coalesce(last.n, 0) as n,
                      coalesce(last.entry_id, '') as entry,
                      exists (select from audit_index i
                              where i.n = :n and i.entry_id = :entry) as here
                    from store_quarantine
                    left join (select n, entry_id from audit_index order by n desc limit 1) last
                      on true
                    """,
                    Tuple.class)
                .setParameter("n", known.map(Witness::n).orElse(0L))
                .setParameter("entry", known.map(Witness::entry).orElse(""))
                .getSingleResult();
    long generation = ((Number) row.get("generation")).longValue();
    Instant since = row.get("since", Instant.class);
    List<String> reasons = Json.lines(row.get("reasons", String.class));
    boolean here = row.get("here", Boolean.class);
    if (Comparison.of(known, installation.id(), generation, here).wentBack()) {
      return new State(generation, since, reasons, known.get());
    }
    long n = ((Number) row.get("n")).longValue();
    remember(new Witness(installation.id(), generation, n, row.get("entry", String.class)));
    return new State(generation, since, reasons, null);
  }

  /** Only what is newer: another thread may have read the store after this one. */
  void remember(Witness seen) {
    memory.accumulateAndGet(
        seen,
        (known, fresh) ->
            known == null
                    || fresh.generation() > known.generation()
                    || (fresh.generation() == known.generation() && fresh.n() > known.n())
                ? fresh
                : known);
  }

  @Transactional
  boolean isOn() {
    return state().isOn();
  }

  /** Why nothing new is given; empty when it may be. */
  @Transactional
  Optional<String> objection() {
    return isOn()
        ? Optional.of(
            "the store went back in time, so Curfew gives nothing until an administrator has looked"
                + " at what differs and ended the quarantine")
        : Optional.empty();
  }

  /**
   * The same, and whether that target was not seen since, was put back, or somebody else uses our
   * id there.
   */
  @Override
  @Transactional
  public Optional<String> against(String target) {
    return objection()
        .or(() -> notSeenSince(target))
        .or(() -> usedByAnother(target))
        .or(() -> targets.against(target));
  }

  private Optional<String> notSeenSince(String target) {
    List<?> owed =
        store
            .createNativeQuery("select 1 from quarantine_look where target = :target")
            .setParameter("target", target)
            .getResultList();
    return owed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            target
                + " could not be looked at since the store went back in time: nothing is given there"
                + " until it was");
  }

  private Optional<String> usedByAnother(String target) {
    List<?> others =
        store
            .createNativeQuery(
                "select other from target_witness where target = :target and other is not null")
            .setParameter("target", target)
            .getResultList();
    return others.isEmpty() ? Optional.empty() : Optional.of(usedByAnotherWords(target));
  }

  private String usedByAnotherWords(String target) {
    return "broker id %s is used by another installation at %s; give this one an id of its own, or have the server's administrator drop the role of the witness if that installation is gone"
        .formatted(installation.broker(), target);
  }

  /** What a target's witness says; the target was read before, the store is read now. */
  @Transactional
  Comparison compare(Optional<Witness> there) {
    boolean here = there.map(this::isHere).orElse(false);
    return Comparison.of(there, installation.id(), state().generation(), here);
  }

  private boolean isHere(Witness witness) {
    return !store
        .createNativeQuery("select 1 from audit_index where n = :n and entry_id = :entry")
        .setParameter("n", witness.n())
        .setParameter("entry", witness.entry())
        .getResultList()
        .isEmpty();
  }

  /** What a target should remember now. */
  @Transactional
  Witness now() {
    List<?> last =
        store
            .createNativeQuery(
                "select n, entry_id from audit_index order by n desc limit 1", Object[].class)
            .getResultList();
    if (last.isEmpty()) {
      return new Witness(installation.id(), state().generation(), 0, "");
    }
    Object[] row = (Object[]) last.get(0);
    return new Witness(
        installation.id(), state().generation(), ((Number) row[0]).longValue(), (String) row[1]);
  }

  /** Notes that a target remembered nothing and was told anew. */
  @Transactional
  void written(String target) {
    audit.record(Entry.of(Kind.WITNESS_WRITTEN, Caller.BROKER).target(target));
  }

  /** Notes who uses our id there; told when it is news. */
  @Transactional
  void used(String target, boolean byAnother, String other) {
    int changed =
        store
            .createNativeQuery(
                """
                insert into target_witness as was (target, other, seen_at)
                select :target, nullif(:other, ''), :now
                where :other <> '' or exists (select from target_witness t where t.target = :target)
                on conflict (target) do update set other = excluded.other, seen_at = excluded.seen_at
                where was.other is distinct from excluded.other
                """)
            .setParameter("target", target)
            .setParameter("other", byAnother ? other : "")
            .setParameter("now", clocks.now())
            .executeUpdate();
    if (changed == 0) {
      return;
    }
    audit.record(
        Entries.opened(
            target,
            !byAnother,
            byAnother
                ? usedByAnotherWords(target)
                : "no other installation uses our broker id there any more"));
  }

  /**
   * Puts on record, for all nodes, that the store lacks what this node saw in it; false when it has
   * all, or that is on record already.
   */
  @Transactional
  boolean beginIfMissing() {
    State state = state();
    if (state.isBegun() || state.missing() == null) {
      return false;
    }
    Witness missing = state.missing();
    Comparison how =
        missing.generation() > state.generation() ? Comparison.HIGHER : Comparison.BACK;
    begin(how.words("a running node", missing), missing.generation());
    return true;
  }

  /** The whole installation stands still from here on; more reasons may come. */
  @Transactional
  void begin(String reason, long generationSeen) {
    store.createNativeQuery("select 1 from store_quarantine for update").getResultList();
    State state = state();
    List<String> reasons = new ArrayList<>(state.reasons());
    if (!reasons.contains(reason)) {
      reasons.add(reason);
    }
    store
        .createNativeQuery(
            """
            update store_quarantine set since = coalesce(since, :now), reasons = :reasons,
              highest = greatest(highest, :seen)
            """)
        .setParameter("now", clocks.now())
        .setParameter("reasons", Json.of(reasons))
        .setParameter("seen", generationSeen)
        .executeUpdate();
    if (!state.isBegun()) {
      store.createNativeQuery("delete from quarantine_finding").executeUpdate();
      store.createNativeQuery("delete from quarantine_look").executeUpdate();
      audit.record(
          Entry.of(Kind.QUARANTINE_BEGUN, Caller.BROKER)
              .outcome(Entry.Outcome.FAILED)
              .with("why", reason)
              .with("generation", state.generation()));
    }
  }

  /**
   * Over, in the caller's transaction; answers the generation from here on, above every one seen.
   *
   * @throws CurfewException WRONG_STATE when there is none
   */
  long end() {
    store.createNativeQuery("select 1 from store_quarantine for update").getResultList();
    if (!state().isBegun()) {
      throw new CurfewException(Fault.WRONG_STATE, "there is no quarantine");
    }
    store
        .createNativeQuery(
            """
            update store_quarantine set since = null, reasons = '[]',
              generation = greatest(generation, highest) + 1
            """)
        .executeUpdate();
    return state().generation();
  }
}
