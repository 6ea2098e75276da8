package dev.curfew.connector;

import java.util.List;

/**
 * What a look at the target saw.
 *
 * @param live whether somebody may be inside, or get in: it was seen, or it cannot be ruled out
 * @param why what is not as it should be, fit for everybody; null when it is absent
 * @param evidence what was read, one line each; stored as the proof of revocation
 */
public record Verdict(Presence presence, boolean live, String why, List<String> evidence) {

  public Verdict {
    evidence = List.copyOf(evidence);
    if (presence == Presence.ABSENT && live) {
      throw new IllegalArgumentException("what is absent lets nobody in");
    }
  }

  public static Verdict absent(List<String> evidence) {
    return new Verdict(Presence.ABSENT, false, null, evidence);
  }

  /** It is there, and somebody may be inside. */
  public static Verdict live(String why, List<String> evidence) {
    return new Verdict(Presence.PRESENT, true, why, evidence);
  }

  /** It is there, and lets nobody in. */
  public static Verdict leftover(String why, List<String> evidence) {
    return new Verdict(Presence.PRESENT, false, why, evidence);
  }

  /** Nothing is known, so nothing is ruled out. */
  public static Verdict unknown(String why, List<String> evidence) {
    return new Verdict(Presence.UNKNOWN, true, why, evidence);
  }

  public static Verdict unknown(String why) {
    return unknown(why, List.of(why));
  }

  /** What was read, in one line for administrators and the history. */
  public String detail() {
    return String.join("; ", evidence);
  }
}
