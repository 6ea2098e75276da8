package dev.curfew.web.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.curfew.audit.Entry.Outcome;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Moment;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entry of the history as a page shows it: a sentence, and all there is to know when one opens
 * it. A list of these is what the tag {@code timeline} takes.
 *
 * @param tone the stylesheet's word: good, bad, wait, busy, or empty
 * @param proves whether it holds the proof of a revocation
 */
public record Happened(
    Long n,
    String id,
    Instant at,
    String tone,
    String words,
    boolean proves,
    List<Fact> facts,
    String request,
    String grant) {

  /** One line of the details. */
  public record Fact(String label, String value) {

    public List<Piece> pieces() {
      return Piece.of(value);
    }
  }

  /** A part of a sentence: text, or a time that a page shows in the viewer's zone. */
  public record Piece(String text, Instant at) {

    private static final Pattern TIME =
        Pattern.compile("\\b(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d) UTC");

    static List<Piece> of(String sentence) {
      List<Piece> pieces = new ArrayList<>();
      Matcher time = TIME.matcher(sentence);
      int end = 0;
      while (time.find()) {
        pieces.add(new Piece(sentence.substring(end, time.start()), null));
        pieces.add(new Piece(time.group(), at(time)));
        end = time.end();
      }
      pieces.add(new Piece(sentence.substring(end), null));
      return pieces;
    }

    private static Instant at(Matcher time) {
      try {
        return Instant.parse(time.group(1) + "T" + time.group(2) + "Z");
      } catch (DateTimeParseException typedBySomebody) {
        return null;
      }
    }
  }

  private static final Set<Kind> GOOD =
      EnumSet.of(
          Kind.GRANT_ENDED, Kind.REQUEST_APPROVED, Kind.GRANT_PROVISIONED, Kind.ORPHAN_REVOKED);
  private static final Set<Kind> WAIT =
      EnumSet.of(
          Kind.GRANT_PROVISION_WAITS,
          Kind.GRANT_REVOKE_WAITS,
          Kind.GRANT_DRIFTED,
          Kind.ORPHAN_FOUND,
          Kind.TARGET_CLOSED);

  /** A digest fills a line; its start tells it from others, and the details have it whole. */
  private static final Pattern DIGEST = Pattern.compile("\\b([0-9a-f]{12})[0-9a-f]{52}\\b");

  private static final Set<Kind> BAD =
      EnumSet.of(Kind.GRANT_STUCK, Kind.GRANT_FOUND_ALIVE, Kind.REQUEST_DENIED);
  private static final Set<Kind> BUSY =
      EnumSet.of(Kind.SECRET_ISSUING, Kind.SECRET_SHOWN, Kind.GRANT_ENDING, Kind.GRANT_REVOKE_STEP);
  private static final Set<String> SHOWN_APART =
      Set.of("via", "session", "personal", "actor_name", "subject_name", "from");

  /** For the history: all that is on record. */
  public static List<Happened> all(List<Moment> moments) {
    return moments.stream().map(moment -> of(moment, SHOWN_APART)).toList();
  }

  /** For a timeline, which everybody concerned reads: addresses stay in the history. */
  public static List<Happened> told(List<Moment> moments) {
    Set<String> apart = new HashSet<>(SHOWN_APART);
    apart.add("detail");
    return moments.stream().map(moment -> of(moment, apart)).toList();
  }

  private static Happened of(Moment moment, Set<String> apart) {
    Optional<Kind> kind = Kind.byCode(moment.kind());
    return new Happened(
        moment.n(),
        moment.id(),
        moment.at(),
        kind.map(known -> tone(known, moment.outcome())).orElse(""),
        DIGEST.matcher(moment.words()).replaceAll("$1"),
        moment.field("proof_of_revocation").isPresent(),
        facts(moment, apart),
        moment.request(),
        moment.grant());
  }

  /** The sentence, with its times apart. */
  public List<Piece> pieces() {
    return Piece.of(words);
  }

  /** "number 42", or what to wait for. */
  public String number() {
    return n == null ? "not numbered yet" : "entry " + n;
  }

  private static String tone(Kind kind, Outcome outcome) {
    if (outcome != Outcome.DONE || BAD.contains(kind)) {
      return "bad";
    }
    if (GOOD.contains(kind)) {
      return "good";
    }
    if (WAIT.contains(kind)) {
      return "wait";
    }
    return BUSY.contains(kind) ? "busy" : "";
  }

  private static List<Fact> facts(Moment moment, Set<String> apart) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Who", who(moment)));
    moment.from().ifPresent(from -> facts.add(new Fact("From", from)));
    moment.field("via").map(Happened::via).ifPresent(via -> facts.add(new Fact("Signed in", via)));
    add(facts, "For", moment.subjectName());
    add(facts, "Target", moment.target());
    add(facts, "Entitlement", moment.entitlement());
    moment
        .fields()
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!apart.contains(name)) {
                facts.add(new Fact(label(name), moment.field(name).orElse("")));
              }
            });
    moment
        .salted()
        .forEach(
            (name, salted) -> {
              if (!apart.contains(name)) {
                facts.add(new Fact(label(name), salted.value()));
              }
            });
    addErased(facts, moment);
    add(facts, "Outcome", moment.outcome().name().toLowerCase(Locale.ROOT));
    add(facts, "Kind", moment.kind());
    add(facts, "Entry", moment.id());
    return facts;
  }

  private static String who(Moment moment) {
    return moment.actorName().equals(moment.actor())
        ? moment.actor()
        : moment.actorName() + " (" + moment.actor() + ")";
  }

  private static String via(String via) {
    return switch (via) {
      case "page" -> "in a browser";
      case "token" -> "by a personal token";
      case "host" -> "on the broker's own host";
      default -> "not signed in";
    };
  }

  private static void addErased(List<Fact> facts, Moment moment) {
    JsonNode hashes = moment.fields().path("personal");
    List<String> erased = new ArrayList<>();
    hashes
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (moment.personal(name).isEmpty()) {
                erased.add(label(name));
              }
            });
    if (!erased.isEmpty()) {
      facts.add(new Fact("Erased", String.join(", ", erased)));
    }
  }

  private static void add(List<Fact> facts, String label, String value) {
    if (value != null) {
      facts.add(new Fact(label, value));
    }
  }

  /** "window_seconds" is "Window", "proof_of_revocation" is "Proof of revocation". */
  private static String label(String field) {
    String words = field.replaceFirst("_(seconds|millis)$", "").replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
