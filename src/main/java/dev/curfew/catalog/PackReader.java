package dev.curfew.catalog;

import dev.curfew.connector.Endpoint;
import dev.curfew.connector.Entitlement;
import dev.curfew.connector.SecretReferences;
import dev.curfew.connector.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Reads the {@code pack.yaml} of a target pack. */
final class PackReader {

  static final Duration LONGEST_WINDOW = Duration.ofDays(7);

  private static final Duration SHORTEST_WINDOW = Duration.ofMinutes(1);
  private static final String NAME_MEND =
      "begin with a letter, then lower-case letters, digits and hyphens, at most 40";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final Pattern LINE = Pattern.compile("(?U)[^\\p{Cntrl}]{1,120}");
  private static final Pattern PROSE = Pattern.compile("(?Us)[\\P{Cntrl}\\n]{1,2000}");
  private static final Pattern TAG = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9._:-]{1,253}|env:CURFEW_TARGET_[A-Z0-9_]{1,100}");
  private static final Pattern PORT_VARIABLE =
      Pattern.compile("env:CURFEW_TARGET_[A-Z0-9_]{1,100}");
  private static final Pattern DATABASE_NAME = Pattern.compile("(?U)[^\\p{Cntrl}]{1,63}");
  private static final Pattern SECRET = Pattern.compile("(?s).*");
  private static final Pattern PATH = Pattern.compile("/[^\\p{Cntrl}]{1,500}");
  private static final Pattern SSLMODE = Pattern.compile("verify-full|disable");
  private static final Pattern STANDBY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
  private static final Pattern LEVEL = Pattern.compile("read|write|owner");

  private final AllowedHosts hosts;
  private final UnaryOperator<String> environment;
  private final List<Problem> problems;
  private final List<Problem> here;

  /** Stands for an address that this node does not know; the name never resolves (RFC 6761). */
  private static final Endpoint UNKNOWN_HERE = new Endpoint("not-known-here.invalid", 1);

  /**
   * @param environment what a variable {@code CURFEW_TARGET_…} is on this node; null when not set
   * @param problems of the files
   * @param here gets what this node alone lacks, for its settings or its allowed hosts; the same
   *     list where that is as bad as a wrong file
   */
  PackReader(
      AllowedHosts hosts,
      UnaryOperator<String> environment,
      List<Problem> problems,
      List<Problem> here) {
    this.hosts = hosts;
    this.environment = environment;
    this.problems = problems;
    this.here = here;
  }

  List<Pack.Site> read(String folder, Section pack, Set<String> engines) {
    pack.only("uses", "title", "description", "targets");
    Optional<String> uses = pack.text("uses", NAME, "name an engine pack, such as postgresql");
    uses.filter(name -> !engines.contains(name))
        .ifPresent(
            name ->
                pack.problem(
                    "uses",
                    "there is no engine pack `" + name + "`",
                    engines.isEmpty() ? "name its folder too" : "known: " + engines));
    pack.optionalText("title", LINE, "one line of at most 120 characters");
    pack.optionalText("description", PROSE, "at most 2000 characters");
    List<Pack.Site> sites = new ArrayList<>();
    for (Section target : pack.sections("targets")) {
      site(folder, uses.orElse(""), target).ifPresent(sites::add);
    }
    return sites;
  }

  private Optional<Pack.Site> site(String folder, String kind, Section target) {
    int before = problems.size();
    int beforeHere = here.size();
    target.only(
        "id",
        "title",
        "description",
        "tags",
        "admin",
        "connect",
        "user",
        "secret",
        "database",
        "sslmode",
        "ca",
        "standbys",
        "entitlements");
    Optional<String> id = target.text("id", NAME, NAME_MEND);
    String title = title(target, id.orElse(""));
    String description = description(target);
    List<String> tags = tags(target);
    Optional<Endpoint> admin = endpoint(target, "admin");
    Optional<Endpoint> connect = target.has("connect") ? endpoint(target, "connect") : admin;
    Map<String, String> settings = settings(target);
    List<Pack.Access> accesses = new ArrayList<>();
    for (Section entitlement : target.sections("entitlements")) {
      access(id.orElse("-"), entitlement).ifPresent(accesses::add);
    }
    if (problems.size() > before) {
      return Optional.empty();
    }
    return Optional.of(
        new Pack.Site(
            id.orElseThrow(),
            folder,
            title,
            description,
            tags,
            new Target(
                id.orElseThrow(), kind, admin.orElseThrow(), connect.orElseThrow(), settings),
            accesses,
            here.subList(beforeHere, here.size())));
  }

  private Map<String, String> settings(Section target) {
    Map<String, String> settings = new HashMap<>();
    String sslmode =
        target
            .optionalText("sslmode", SSLMODE, "verify-full, or disable in the demo alone")
            .orElse("verify-full");
    settings.put("sslmode", sslmode);
    keep(settings, "user", target.text("user", DATABASE_NAME, "the broker's login there"));
    keep(settings, "secret", secret(target));
    keep(
        settings,
        "database",
        target.optionalText(
            "database", DATABASE_NAME, "a maintenance database no entitlement reaches"));
    keep(
        settings,
        "ca",
        target.optionalText("ca", PATH, "the absolute path of a PEM file on each node"));
    if (target.has("standbys")) {
      target.sections("standbys").forEach(standby -> standby(standby, settings));
    }
    return settings;
  }

  /** A server that replays the target's: Curfew ends sessions there too, or says that it cannot. */
  private void standby(Section standby, Map<String, String> settings) {
    standby.only("name", "host", "port", "unreachable");
    Optional<String> name =
        standby.text("name", STANDBY, "its application_name: letters, digits and ._-/");
    boolean unreachable = standby.flag("unreachable");
    if (standby.has("unreachable") && !unreachable) {
      standby.problem("unreachable", "`unreachable` is not true", "leave it out, or write true");
      return;
    }
    if (unreachable && (standby.has("host") || standby.has("port"))) {
      standby.problem(
          "unreachable", "a standby with `unreachable` has no address", "leave one of them out");
      return;
    }
    Optional<String> where =
        unreachable
            ? Optional.of(Target.UNREACHABLE)
            : endpoint(standby).map(at -> at.host() + ":" + at.port());
    name.filter(each -> settings.containsKey(Target.STANDBY + each))
        .ifPresent(
            each ->
                standby.problem(
                    "name",
                    "the standby `" + each + "` is named twice",
                    "give each an application_name of its own"));
    name.ifPresent(each -> keep(settings, Target.STANDBY + each, where));
  }

  private static void keep(Map<String, String> settings, String key, Optional<String> value) {
    value.ifPresent(text -> settings.put(key, text));
  }

  /** Noted without its value: what stands here by mistake may be the secret itself. */
  private Optional<String> secret(Section target) {
    String mend = "write env:CURFEW_SECRET_… or file:…, never the secret itself";
    Optional<String> secret = target.text("secret", SECRET, mend);
    if (secret.isPresent() && SecretReferences.problem(secret.get()).isPresent()) {
      target.problem("secret", "`secret` is not a reference", mend);
      return Optional.empty();
    }
    return secret;
  }

  private Optional<Endpoint> endpoint(Section target, String key) {
    Optional<Section> section = target.section(key);
    if (section.isEmpty()) {
      if (!target.has(key)) {
        target.problem(key, "`" + key + "` is missing", "write host and port below it");
      }
      return Optional.empty();
    }
    return endpoint(section.get().only("host", "port"));
  }

  private Optional<Endpoint> endpoint(Section at) {
    int before = here.size();
    Optional<String> host =
        at.text("host", HOST, "a name or an address, never a URL")
            .flatMap(text -> resolved(at, "host", text));
    Optional<Integer> port = port(at);
    host.flatMap(hosts::objection)
        .ifPresent(
            why ->
                here.add(at.found("host", "host " + host.get() + " is refused", "mend: " + why)));
    if (here.size() > before) {
      return Optional.of(UNKNOWN_HERE);
    }
    if (host.isEmpty() || port.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Endpoint(host.get(), port.get()));
    } catch (IllegalArgumentException e) {
      at.problem("host", e.getMessage(), "a name or an address, and a port");
      return Optional.empty();
    }
  }

  private Optional<Integer> port(Section at) {
    if (!at.has("port")) {
      at.problem("port", "`port` is missing", "write a whole number from 1 to 65535");
      return Optional.empty();
    }
    if (!at.isText("port")) {
      return at.number("port", 1, 65_535);
    }
    return at.text("port", PORT_VARIABLE, "a number, or env:CURFEW_TARGET_…")
        .flatMap(text -> resolved(at, "port", text))
        .flatMap(
            text -> {
              if (text.matches("\\d{1,5}")) {
                return Optional.of(Integer.valueOf(text));
              }
              here.add(at.found("port", "the variable does not hold a port", "set it to a number"));
              return Optional.empty();
            });
  }

  private Optional<String> resolved(Section at, String key, String text) {
    if (!text.startsWith("env:")) {
      return Optional.of(text);
    }
    String name = text.substring("env:".length());
    String value = environment.apply(name);
    if (value == null || value.isBlank()) {
      here.add(at.found(key, name + " is not set on this node", "set it, or write the " + key));
      return Optional.empty();
    }
    return Optional.of(value.strip());
  }

  private Optional<Pack.Access> access(String target, Section entitlement) {
    int before = problems.size();
    entitlement.only(
        "id",
        "title",
        "description",
        "tags",
        "level",
        "longest",
        "database",
        "role",
        "connections");
    Optional<String> id = entitlement.text("id", NAME, NAME_MEND);
    String title = title(entitlement, id.orElse(""));
    String description = description(entitlement);
    List<String> tags = tags(entitlement);
    Optional<Level> level =
        entitlement
            .text("level", LEVEL, "read, write, or owner")
            .map(text -> Level.valueOf(text.toUpperCase(Locale.ROOT)));
    Optional<Duration> longest = longest(entitlement);
    Map<String, String> settings = new HashMap<>();
    keep(
        settings,
        "database",
        entitlement.text("database", DATABASE_NAME, "the database people connect to"));
    keep(
        settings,
        "role",
        entitlement.text("role", DATABASE_NAME, "the group role whose privileges are given"));
    settings.put("connections", entitlement.number("connections", 1, 100).orElse(5).toString());
    if (problems.size() > before) {
      return Optional.empty();
    }
    settings.put("level", level.orElseThrow() == Level.OWNER ? "owner" : "member");
    String full = target + "/" + id.orElseThrow();
    return Optional.of(
        new Pack.Access(
            full,
            title,
            description,
            tags,
            level.orElseThrow(),
            longest.orElseThrow(),
            new Entitlement(full, settings)));
  }

  private Optional<Duration> longest(Section entitlement) {
    if (!entitlement.has("longest")) {
      entitlement.problem("longest", "`longest` is missing", "the longest window, such as 8h");
    }
    Optional<Duration> longest = entitlement.duration("longest", SHORTEST_WINDOW, LONGEST_WINDOW);
    if (longest.filter(span -> span.toSecondsPart() != 0).isPresent()) {
      entitlement.problem("longest", "`longest` has seconds", "windows are whole minutes");
    }
    return longest;
  }

  private static String title(Section section, String otherwise) {
    return section
        .optionalText("title", LINE, "one line of at most 120 characters")
        .orElse(otherwise);
  }

  private static String description(Section section) {
    return section.optionalText("description", PROSE, "at most 2000 characters").orElse("").strip();
  }

  private static List<String> tags(Section section) {
    return section.texts("tags", TAG, "lower-case letters, digits and hyphens").stream()
        .map(Section.Text::value)
        .distinct()
        .toList();
  }
}
