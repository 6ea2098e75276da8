package dev.curfew.connector.sql;

import dev.curfew.connector.Receipt;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A receipt of this engine: every id the account had, the server it is on, whether anybody could
 * ever have logged in by it, how far the server had written when that was over, and between the
 * first and the second look for sessions how many were ended.
 */
record Learned(Map<String, String> facts) {

  private static final String IDS = "ids";
  private static final String SYSTEM = "system";
  private static final String OPENED = "opened";
  private static final String BLOCKED_AT = "blocked_at";
  private static final String ENDED = "ended";

  static Learned of(Receipt receipt) {
    return new Learned(Map.copyOf(receipt.facts()));
  }

  Receipt receipt() {
    return new Receipt(facts);
  }

  Set<String> ids() {
    Set<String> ids = new TreeSet<>();
    Arrays.stream(facts.getOrDefault(IDS, "").split(","))
        .filter(id -> !id.isBlank())
        .forEach(ids::add);
    return ids;
  }

  Learned withIds(Set<String> more) {
    Set<String> ids = ids();
    ids.addAll(more);
    return ids.isEmpty() ? this : with(IDS, String.join(",", ids));
  }

  /** Whether what was learned may be of another server than this one. */
  boolean isOfAnother(String system) {
    return facts.containsKey(SYSTEM) && !facts.get(SYSTEM).equals(system);
  }

  String system() {
    return facts.getOrDefault(SYSTEM, "");
  }

  Learned on(String system) {
    return with(SYSTEM, system);
  }

  /** Unless it is known that nobody could log in, somebody may have. */
  boolean mayHaveBeenOpened() {
    return receipt().isHandedOut() || !"never".equals(facts.get(OPENED));
  }

  Learned opened(boolean opened) {
    return with(OPENED, opened ? "yes" : "never");
  }

  /** How far the server had written when nobody could log in any more; empty before that. */
  Optional<String> blockedAt() {
    return Optional.ofNullable(facts.get(BLOCKED_AT));
  }

  Learned blockedAt(String position) {
    return with(BLOCKED_AT, position);
  }

  /** So many sessions were ended until a first look found none; empty before it did. */
  Optional<Integer> ended() {
    return Optional.ofNullable(facts.get(ENDED)).map(Integer::valueOf);
  }

  Learned ended(int sessions) {
    return with(ENDED, Integer.toString(sessions));
  }

  /** No look found that there was no session since the account was closed. */
  Learned notLooked() {
    return without(ENDED);
  }

  /** Whether it holds what is true only as long as the account stays closed. */
  boolean saysItIsClosed() {
    return facts.containsKey(BLOCKED_AT) || facts.containsKey(ENDED);
  }

  /** The account is open, or open again: nothing of an earlier end holds. */
  Learned open() {
    return without(BLOCKED_AT).without(ENDED);
  }

  boolean saysWhetherOpened() {
    return facts.containsKey(OPENED);
  }

  private Learned without(String name) {
    Map<String, String> all = new TreeMap<>(facts);
    all.remove(name);
    return new Learned(Map.copyOf(all));
  }

  private Learned with(String name, String value) {
    Map<String, String> all = new TreeMap<>(facts);
    all.put(name, value);
    return new Learned(Map.copyOf(all));
  }
}
