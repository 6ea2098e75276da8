package dev.curfew.connector.sql;

import dev.curfew.connector.Profile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An engine pack: the statements of one kind of SQL database.
 *
 * @param kind the name targets use, for example {@code postgresql}
 * @param dialect how names and values are quoted and connections are made
 * @param profile what the statements promise
 * @param common the statements of all versions
 * @param editions the statements that differ, by the server's major version; ranges do not overlap
 */
public record SqlPack(
    String kind,
    Dialect dialect,
    Profile profile,
    Map<Verb, List<String>> common,
    List<Edition> editions) {

  /**
   * The statements of a range of major versions.
   *
   * @param from the first major version
   * @param to the last major version, {@link Integer#MAX_VALUE} for "and later"
   */
  public record Edition(int from, int to, Map<Verb, List<String>> statements) {

    public Edition {
      if (from < 1 || from > to) {
        throw new IllegalArgumentException("versions go from low to high: " + from + " to " + to);
      }
      statements = Map.copyOf(statements);
    }

    boolean covers(int version) {
      return from <= version && version <= to;
    }

    String range() {
      return to == Integer.MAX_VALUE ? "from " + from + " on" : from + " to " + to;
    }
  }

  public SqlPack {
    common = Map.copyOf(common);
    editions = List.copyOf(editions);
  }

  /**
   * Reads a pack from the plain maps, lists, strings and numbers that a YAML parser gives.
   *
   * @throws SqlPackException with all that is wrong
   */
  public static SqlPack of(Map<String, ?> document) {
    return new SqlPackReader().read(document);
  }

  /** Whether a document with these keys is an engine pack of this engine. */
  public static boolean isOne(Map<String, ?> document) {
    return "sql".equals(document.get("engine"));
  }

  /** The statements for a server of that major version; empty when the pack has none. */
  public Optional<Statements> forVersion(int version) {
    return editions.stream()
        .filter(edition -> edition.covers(version))
        .findFirst()
        .map(edition -> new Statements(edition.range(), merged(edition)));
  }

  private Map<Verb, List<String>> merged(Edition edition) {
    Map<Verb, List<String>> all = new TreeMap<>(common);
    all.putAll(edition.statements());
    return all;
  }

  /**
   * SHA-256 over everything in the pack that reaches a server or the approver, in hexadecimal:
   * comments and layout of its file do not count. A pack whose digest is not shipped must be named
   * in {@code curfew.packs.trusted}, since a forged {@code verify} would forge the proof.
   */
  public String digest() {
    StringBuilder text = new StringBuilder();
    part(text, "kind", kind);
    part(text, "dialect", dialect.name());
    part(text, "profile", profile.toString());
    statements(text, "common", common);
    editions.forEach(edition -> statements(text, edition.range(), edition.statements()));
    return sha256(text.toString());
  }

  /** Whether these are statements this build was made with. */
  public boolean isShipped() {
    try (InputStream digests = SqlPack.class.getResourceAsStream("shipped-digests")) {
      String known = new String(digests.readAllBytes(), StandardCharsets.UTF_8);
      return known.lines().map(String::strip).anyMatch(digest()::equals);
    } catch (IOException e) {
      throw new IllegalStateException("the build lacks its list of shipped digests", e);
    }
  }

  private static void statements(StringBuilder text, String name, Map<Verb, List<String>> all) {
    new TreeMap<>(all)
        .forEach(
            (verb, list) ->
                list.forEach(each -> part(text, name + "/" + verb.key(), each.strip())));
  }

  /** Lengths first, so that no text can pretend to be two parts. */
  private static void part(StringBuilder text, String name, String value) {
    text.append(name.length()).append(':').append(name);
    text.append(value.length()).append(':').append(value).append('\n');
  }

  private static String sha256(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
