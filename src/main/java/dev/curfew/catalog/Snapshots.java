package dev.curfew.catalog;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Proven;
import dev.curfew.connector.EnginePack;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Packs and rules as one value with one digest. All nodes decide by the accepted one, which is kept
 * in the store with its full text; a node's own files are only a proposal.
 */
@ApplicationScoped
public class Snapshots {

  /** How old an answer of the store may be: a page asks many times. */
  private static final Duration FRESH = Duration.ofMillis(250);

  /** The snapshot in force, or why it cannot be used. */
  private record Loaded(
      String digest, Optional<Snapshot> snapshot, List<Problem> problems, long readNanos) {

    boolean isFresh() {
      return System.nanoTime() - readNanos < FRESH.toNanos();
    }
  }

  private final SnapshotStore store;
  private final SnapshotReader reader;
  private final LocalFiles local;
  private volatile Loaded loaded;

  Snapshots(SnapshotStore store, SnapshotReader reader, LocalFiles local) {
    this.store = store;
    this.reader = reader;
    this.local = local;
  }

  /**
   * The snapshot in force.
   *
   * @throws CurfewException {@code REVOKE_ONLY} when none is accepted, or this node cannot use it
   */
  Snapshot current() {
    Loaded now = load();
    return now.snapshot().orElseThrow(() -> new CurfewException(Fault.REVOKE_ONLY, objection(now)));
  }

  /** The snapshot in force, where there is one that can be used. */
  Optional<Snapshot> usable() {
    return load().snapshot();
  }

  private static String objection(Loaded now) {
    return now.digest().isEmpty()
        ? "no packs and rules are accepted yet; an administrator accepts them"
        : "the packs and rules in force cannot be used on this node: " + now.problems().get(0);
  }

  private Loaded load() {
    Loaded last = loaded;
    if (last != null && last.isFresh()) {
      return last;
    }
    String digest = store.latest().map(SnapshotStore.Acceptance::digest).orElse("");
    Loaded now =
        last != null && last.digest().equals(digest) && last.problems().isEmpty()
            ? new Loaded(digest, last.snapshot(), List.of(), System.nanoTime())
            : read(digest);
    loaded = now;
    return now;
  }

  private Loaded read(String digest) {
    List<Problem> problems = new ArrayList<>();
    Optional<Snapshot> snapshot =
        digest.isEmpty()
            ? Optional.empty()
            : store.files(digest).flatMap(files -> reader.readAccepted(files, problems));
    return new Loaded(digest, snapshot, problems, System.nanoTime());
  }

  /** Why nothing can be asked for on this node; empty when it can. */
  public List<String> objections() {
    Loaded now = load();
    if (now.snapshot().isPresent()) {
      return List.of();
    }
    return now.problems().isEmpty()
        ? List.of(objection(now))
        : now.problems().stream().map(Problem::toString).toList();
  }

  public Optional<SnapshotView> accepted() {
    return store
        .latest()
        .map(
            last ->
                new SnapshotView(
                    last.digest(),
                    SnapshotView.State.ACCEPTED,
                    last.at(),
                    last.by(),
                    List.of(),
                    store.fileNames(last.digest())));
  }

  /** What was accepted, newest first; one that was accepted twice stands here twice. */
  public List<SnapshotView> history() {
    List<SnapshotView> views = new ArrayList<>();
    for (SnapshotStore.Acceptance each : store.acceptances()) {
      views.add(
          new SnapshotView(
              each.digest(),
              views.isEmpty() ? SnapshotView.State.ACCEPTED : SnapshotView.State.REPLACED,
              each.at(),
              each.by(),
              List.of(),
              store.fileNames(each.digest())));
    }
    return views;
  }

  /** Sound snapshots of nodes' files that are not the accepted one. */
  public List<SnapshotView> proposals() {
    Map<String, List<SnapshotStore.Proposal>> byDigest = new LinkedHashMap<>();
    for (SnapshotStore.Proposal each : store.proposals()) {
      byDigest.computeIfAbsent(each.digest(), digest -> new ArrayList<>()).add(each);
    }
    String inForce = store.latest().map(SnapshotStore.Acceptance::digest).orElse("");
    byDigest.remove(inForce);
    List<SnapshotView> views = new ArrayList<>();
    byDigest.forEach(
        (digest, nodes) ->
            views.add(
                new SnapshotView(
                    digest,
                    SnapshotView.State.PROPOSED,
                    nodes.get(nodes.size() - 1).at(),
                    null,
                    nodes.stream().map(SnapshotStore.Proposal::node).toList(),
                    store.fileNames(digest))));
    return views;
  }

  /** What is wrong with this node's files now; the accepted snapshot stays in force. */
  public List<Problem> problems() {
    return local.problems();
  }

  /** Reads this node's folders again, now. */
  public void reread() {
    local.read();
  }

  /**
   * What accepting the snapshot would change against the accepted one.
   *
   * @throws CurfewException {@code NOT_FOUND}
   */
  public List<Change> diff(String digest) {
    return Diff.between(inForce().texts(), files(digest).texts());
  }

  /**
   * Entitlements that the snapshot changes: those of a pack that differs, all of an engine pack's
   * kind that differs, and all of both sides when a rule file differs, since a rule may cover any.
   *
   * @throws CurfewException {@code NOT_FOUND}
   */
  public List<String> touched(String digest) {
    SnapshotFiles before = inForce();
    SnapshotFiles after = files(digest);
    List<String> changed = Diff.names(before.texts(), after.texts());
    TreeSet<String> touched = new TreeSet<>();
    for (SnapshotFiles side : List.of(before, after)) {
      reader
          .readAccepted(side, new ArrayList<>())
          .ifPresent(
              snapshot -> {
                boolean all = changed.stream().anyMatch(name -> !isTargetPack(snapshot, name));
                snapshot.sites().values().stream()
                    .filter(
                        site ->
                            all
                                || changed.stream()
                                    .anyMatch(name -> name.endsWith(packFile(site.pack()))))
                    .flatMap(site -> site.accesses().stream())
                    .forEach(access -> touched.add(access.id()));
              });
    }
    return List.copyOf(touched);
  }

  private static boolean isTargetPack(Snapshot snapshot, String name) {
    return snapshot.sites().values().stream()
        .anyMatch(site -> name.endsWith(packFile(site.pack())));
  }

  private static String packFile(String pack) {
    return "/" + pack + "/pack.yaml";
  }

  private SnapshotFiles inForce() {
    return store
        .latest()
        .flatMap(last -> store.files(last.digest()))
        .orElse(new SnapshotFiles(new TreeMap<>()));
  }

  private SnapshotFiles files(String digest) {
    return store.files(digest).orElseThrow(() -> CurfewException.notFound("snapshot"));
  }

  /** The statements of a kind: of the snapshot in force, or of the last one that had them. */
  Optional<EnginePack> engine(String kind) {
    Optional<EnginePack> now = usable().flatMap(snapshot -> snapshot.engine(kind));
    if (now.isPresent()) {
      return now;
    }
    for (SnapshotStore.Acceptance each : store.acceptances()) {
      Optional<EnginePack> before =
          store.files(each.digest()).flatMap(files -> reader.engine(files, kind));
      if (before.isPresent()) {
        return before;
      }
    }
    return Optional.empty();
  }

  /**
   * Accepts a proposal, or goes back to what was accepted before. Joins the caller's transaction
   * and writes the entry; the proof and who may do it are the caller's to check.
   *
   * @throws CurfewException {@code NOT_FOUND}, {@code INVALID} when this node finds it unsound, or
   *     {@code WRONG_STATE} when it is the accepted one already
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void accept(Caller by, String digest, Proven proof) {
    List<Problem> problems = reader.problems(files(digest));
    if (!problems.isEmpty()) {
      throw CurfewException.invalid(
          "digest", "these packs and rules cannot be used here: " + problems.get(0));
    }
    store.accept(by, digest, SnapshotStore.How.ADMINISTRATOR, proof);
    loaded = null;
  }
}
