package dev.curfew.catalog;

import dev.curfew.connector.EnginePack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Makes a snapshot of files, or notes everything that is wrong with them.
 *
 * @param trusted digests of statements taken although this build was not made with them
 * @param environment what a variable {@code CURFEW_TARGET_…} is on this node; null when not set
 */
public record SnapshotReader(
    EngineReader engines,
    RuleCheck rules,
    Set<String> trusted,
    AllowedHosts hosts,
    UnaryOperator<String> environment) {

  public SnapshotReader {
    trusted = Set.copyOf(trusted);
  }

  /** Every problem of the files at once; none means that they make a sound snapshot. */
  public List<Problem> problems(SnapshotFiles files) {
    List<Problem> problems = new ArrayList<>();
    read(files, problems);
    problems.sort(Problem.BY_PLACE);
    return problems;
  }

  /** Empty when there are problems. */
  Optional<Snapshot> read(SnapshotFiles files, List<Problem> problems) {
    return read(files, problems, problems);
  }

  /**
   * The same for what was accepted: what only this node lacks closes a target here, no more. It is
   * kept with the target.
   */
  Optional<Snapshot> readAccepted(SnapshotFiles files, List<Problem> problems) {
    return read(files, problems, new ArrayList<>());
  }

  private Optional<Snapshot> read(SnapshotFiles files, List<Problem> problems, List<Problem> here) {
    int before = problems.size();
    Map<String, Section> documents = documents(files, problems);
    Set<String> broken = new HashSet<>();
    Map<String, EnginePack> packs = enginePacks(documents, broken, problems);
    Set<String> known = new TreeSet<>(packs.keySet());
    known.addAll(broken);
    List<Pack.Site> sites = sites(documents, known, problems, here);
    Set<String> entitlements = onceEach(sites, documents, problems);
    if (files.packs().findAny().isEmpty()) {
      problems.add(
          new Problem("packs", 0, "no pack.yaml was found", "name a folder that holds packs"));
    }
    boolean allKnown = problems.size() == before;
    problems.addAll(rules.check(files.rules(), allKnown ? entitlements : Set.of()));
    return problems.size() > before
        ? Optional.empty()
        : Optional.of(new Snapshot(files, sites, packs));
  }

  /**
   * The statements of a kind alone, trusted or not: once accepted they opened something, and what
   * they opened must be closed whatever was configured since.
   */
  Optional<EnginePack> engine(SnapshotFiles files, String kind) {
    List<Problem> ignored = new ArrayList<>();
    return Optional.ofNullable(
        enginePacks(documents(files, ignored), new HashSet<>(), ignored).get(kind));
  }

  private static Map<String, Section> documents(SnapshotFiles files, List<Problem> problems) {
    Map<String, Section> documents = new LinkedHashMap<>();
    files
        .packs()
        .forEach(
            file ->
                YamlFile.read(file.getKey(), file.getValue(), problems)
                    .ifPresent(top -> documents.put(file.getKey(), top)));
    return documents;
  }

  /** An engine pack that is wrong still counts as known: its users are not to blame. */
  private Map<String, EnginePack> enginePacks(
      Map<String, Section> documents, Set<String> broken, List<Problem> problems) {
    Map<String, EnginePack> packs = new TreeMap<>();
    documents.forEach(
        (file, top) -> {
          if (!top.has("engine")) {
            return;
          }
          Map<String, Object> document = top.plain();
          EngineReader.Reading reading = engines.read(document);
          reading
              .problems()
              .forEach(text -> problems.add(new Problem(file, lineFor(top, text), text, MEND)));
          if (reading.pack().isEmpty()) {
            broken.add(String.valueOf(document.get("kind")));
            return;
          }
          EnginePack pack = reading.pack().get();
          if (!reading.shipped() && !trusted.contains(pack.digest())) {
            top.problem("engine", "these statements are not trusted", trustMend(pack.digest()));
          }
          if (packs.putIfAbsent(pack.name(), pack) != null) {
            top.problem("kind", "a second engine pack `" + pack.name() + "`", "rename one");
          }
        });
    return packs;
  }

  private static final String MEND = "see docs/packs-and-rules.md, engine packs";

  private static String trustMend(String digest) {
    return "read them, then add " + digest + " to curfew.packs.trusted";
  }

  /** Engines know no lines: the first key they name is the nearest. */
  private static int lineFor(Section top, String text) {
    String key = text.split("[^a-z-]", 2)[0];
    return top.has(key) ? top.line(key) : 0;
  }

  private List<Pack.Site> sites(
      Map<String, Section> documents,
      Set<String> kinds,
      List<Problem> problems,
      List<Problem> here) {
    PackReader reader = new PackReader(hosts, environment, problems, here);
    List<Pack.Site> sites = new ArrayList<>();
    documents.forEach(
        (file, top) -> {
          if (top.oneOf("engine", "uses").filter("uses"::equals).isPresent()) {
            sites.addAll(reader.read(folder(file), top, kinds));
          }
        });
    return sites;
  }

  private static String folder(String file) {
    String[] parts = file.split("/");
    return parts[parts.length - 2];
  }

  private static Set<String> onceEach(
      List<Pack.Site> sites, Map<String, Section> documents, List<Problem> problems) {
    Map<String, String> targets = new HashMap<>();
    Set<String> entitlements = new TreeSet<>();
    for (Pack.Site site : sites) {
      String other = targets.putIfAbsent(site.id(), site.pack());
      if (other != null) {
        problems.add(
            new Problem(
                fileOf(site.pack(), documents),
                0,
                "target `" + site.id() + "` is also in the pack " + other,
                "an id is given once; rename one"));
      }
      for (Pack.Access access : site.accesses()) {
        if (!entitlements.add(access.id())) {
          problems.add(
              new Problem(
                  fileOf(site.pack(), documents),
                  0,
                  "entitlement `" + access.id() + "` is there twice",
                  "rename one"));
        }
      }
    }
    return entitlements;
  }

  private static String fileOf(String pack, Map<String, Section> documents) {
    return documents.keySet().stream()
        .filter(file -> folder(file).equals(pack))
        .findFirst()
        .orElse(pack);
  }
}
