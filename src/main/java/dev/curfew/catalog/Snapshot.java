package dev.curfew.catalog;

import dev.curfew.connector.EnginePack;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Packs and rules, read and found sound. */
final class Snapshot {

  private final SnapshotFiles files;
  private final String digest;
  private final Map<String, Pack.Site> sites = new TreeMap<>();
  private final Map<String, Pack.Access> accesses = new TreeMap<>();
  private final Map<String, Pack.Site> siteOf = new TreeMap<>();
  private final Map<String, EnginePack> engines;

  Snapshot(SnapshotFiles files, List<Pack.Site> sites, Map<String, EnginePack> engines) {
    this.files = files;
    this.digest = files.digest();
    this.engines = Map.copyOf(engines);
    for (Pack.Site site : sites) {
      this.sites.put(site.id(), site);
      for (Pack.Access access : site.accesses()) {
        accesses.put(access.id(), access);
        siteOf.put(access.id(), site);
      }
    }
  }

  SnapshotFiles files() {
    return files;
  }

  String digest() {
    return digest;
  }

  Map<String, Pack.Site> sites() {
    return Collections.unmodifiableMap(sites);
  }

  Map<String, Pack.Access> accesses() {
    return Collections.unmodifiableMap(accesses);
  }

  /** The target an entitlement is on. */
  Pack.Site siteOf(String entitlement) {
    return siteOf.get(entitlement);
  }

  Optional<EnginePack> engine(String kind) {
    return Optional.ofNullable(engines.get(kind));
  }
}
