package dev.curfew.connector.sql;

import dev.curfew.connector.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads an engine pack and collects everything that is wrong with it before it gives up. */
final class SqlPackReader {

  private static final Set<String> KEYS =
      Set.of("engine", "kind", "title", "dialect", "profile", "statements", "versions");
  private static final Set<String> PROFILE_KEYS =
      Set.of("guarantee", "longest-residual-seconds", "residual");
  private static final Set<String> VERSION_KEYS = Set.of("from", "to", "statements");

  private final List<String> problems = new ArrayList<>();

  SqlPack read(Map<String, ?> document) {
    unknownKeys("the pack", document, KEYS);
    String kind = text(document, "kind");
    if (!kind.matches("[a-z][a-z0-9-]{0,30}")) {
      problems.add("kind: lower-case letters, digits and hyphens, at most 31");
    }
    Dialect dialect =
        oneOf(Dialect.class, "dialect", text(document, "dialect"), Dialect.POSTGRESQL);
    Profile profile = profile(map(document, "profile"));
    Map<Verb, List<String>> common = statements("statements", map(document, "statements"));
    List<SqlPack.Edition> editions = editions(document.get("versions"));
    everyVersionIsWhole(common, editions);
    if (!problems.isEmpty()) {
      throw new SqlPackException(problems);
    }
    return new SqlPack(kind, dialect, profile, common, editions);
  }

  private Profile profile(Map<String, ?> profile) {
    unknownKeys("profile", profile, PROFILE_KEYS);
    Profile.Guarantee guarantee =
        oneOf(
            Profile.Guarantee.class,
            "profile.guarantee",
            text(profile, "guarantee"),
            Profile.Guarantee.G3);
    int seconds = number("profile.longest-residual-seconds", profile, 0);
    return new Profile(
        guarantee, true, true, true, Duration.ofSeconds(seconds), text(profile, "residual"));
  }

  private List<SqlPack.Edition> editions(Object versions) {
    List<SqlPack.Edition> editions = new ArrayList<>();
    if (!(versions instanceof List<?> list) || list.isEmpty()) {
      problems.add("versions: a list of at least one range of major versions");
      return editions;
    }
    for (Object each : list) {
      Map<String, ?> version = asMap("versions", each);
      unknownKeys("versions", version, VERSION_KEYS);
      int from = number("versions.from", version, 1);
      int to = version.containsKey("to") ? number("versions.to", version, 1) : Integer.MAX_VALUE;
      if (from > to) {
        problems.add("versions: from " + from + " is above to " + to);
        continue;
      }
      editions.add(
          new SqlPack.Edition(
              from,
              to,
              statements("versions from " + from + ": statements", map(version, "statements"))));
    }
    editions.sort(Comparator.comparingInt(SqlPack.Edition::from));
    for (int i = 1; i < editions.size(); i++) {
      if (editions.get(i).from() <= editions.get(i - 1).to()) {
        problems.add("versions: two ranges hold version " + editions.get(i).from());
      }
    }
    return editions;
  }

  private Map<Verb, List<String>> statements(String where, Map<String, ?> source) {
    Map<Verb, List<String>> statements = new EnumMap<>(Verb.class);
    source.forEach(
        (key, value) ->
            Verb.of(key)
                .ifPresentOrElse(
                    verb -> statements.put(verb, statement(where + "." + key, verb, value)),
                    () ->
                        problems.add(
                            where + ": unknown \"" + key + "\"; known are " + Verb.keys())));
    return statements;
  }

  private List<String> statement(String where, Verb verb, Object value) {
    List<?> list = value instanceof List<?> many ? many : Arrays.asList(value);
    List<String> texts = new ArrayList<>();
    for (Object each : list) {
      if (each instanceof String text && !text.isBlank()) {
        template(where, text, texts);
      } else {
        problems.add(where + ": a statement is a text that is not empty");
      }
    }
    if (verb.shape() == Verb.Shape.QUERY && list.size() != 1) {
      problems.add(where + ": exactly one query");
    }
    return texts;
  }

  private void template(String where, String text, List<String> texts) {
    try {
      Template.names(text).stream()
          .filter(name -> !Values.NAMES.contains(name))
          .forEach(
              name ->
                  problems.add(
                      where + ": unknown value \"" + name + "\"; known are " + Values.NAMES));
      texts.add(text);
    } catch (IllegalArgumentException e) {
      problems.add(where + ": " + e.getMessage());
    }
  }

  private void everyVersionIsWhole(Map<Verb, List<String>> common, List<SqlPack.Edition> editions) {
    for (SqlPack.Edition edition : editions) {
      for (Verb verb : Verb.values()) {
        if (verb.isNeeded()
            && !common.containsKey(verb)
            && !edition.statements().containsKey(verb)) {
          problems.add("versions " + edition.range() + ": lacks \"" + verb.key() + "\"");
        }
      }
    }
  }

  private void unknownKeys(String where, Map<String, ?> map, Set<String> known) {
    map.keySet().stream()
        .filter(key -> !known.contains(key))
        .forEach(key -> problems.add(where + ": unknown key \"" + key + "\""));
  }

  private String text(Map<String, ?> map, String key) {
    if (map.get(key) instanceof String text && !text.isBlank()) {
      return text.strip();
    }
    problems.add(key + ": a text is needed");
    return "";
  }

  private int number(String where, Map<String, ?> map, int least) {
    Object value = map.get(where.substring(where.lastIndexOf('.') + 1));
    if (value instanceof Integer number && number >= least) {
      return number;
    }
    problems.add(where + ": a whole number from " + least + " on is needed");
    return least;
  }

  private Map<String, ?> map(Map<String, ?> map, String key) {
    return asMap(key, map.get(key));
  }

  @SuppressWarnings("unchecked")
  private Map<String, ?> asMap(String where, Object value) {
    if (value instanceof Map<?, ?> map
        && map.keySet().stream().allMatch(key -> key instanceof String)) {
      return (Map<String, ?>) map;
    }
    problems.add(where + ": a map is needed");
    return Map.of();
  }

  private <E extends Enum<E>> E oneOf(Class<E> type, String where, String text, E otherwise) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseGet(
            () -> {
              problems.add(where + ": one of " + Arrays.toString(type.getEnumConstants()));
              return otherwise;
            });
  }
}
