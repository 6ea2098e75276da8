package dev.curfew.policy;

import dev.curfew.catalog.Level;
import dev.curfew.catalog.Offer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything a rule may look at. The reason is not here on purpose: what an asker can word freely
 * must not open a door.
 *
 * @param person the asker's id
 * @param groups the asker's groups now
 * @param entitlement for example {@code orders-db/read-only}
 * @param ticket empty when none was given
 * @param now the time of the decision
 */
public record Facts(
    String person,
    Set<String> groups,
    String entitlement,
    String target,
    Level level,
    Set<String> tags,
    Duration window,
    String ticket,
    Instant now) {

  public Facts {
    groups = Set.copyOf(groups);
    tags = Set.copyOf(tags);
    ticket = ticket == null ? "" : ticket;
  }

  public static Facts of(
      String person, Set<String> groups, Offer offer, Duration window, String ticket, Instant now) {
    return new Facts(
        person,
        groups,
        offer.id(),
        offer.target(),
        offer.level(),
        Set.copyOf(offer.tags()),
        window,
        ticket,
        now);
  }

  public Facts withWindow(Duration other) {
    return new Facts(person, groups, entitlement, target, level, tags, other, ticket, now);
  }

  public Facts withTicket(String other) {
    return new Facts(person, groups, entitlement, target, level, tags, window, other, now);
  }

  Facts withGroups(Set<String> other) {
    return new Facts(person, other, entitlement, target, level, tags, window, ticket, now);
  }

  Facts at(Instant then) {
    return new Facts(person, groups, entitlement, target, level, tags, window, ticket, then);
  }

  /** As stored with a decision: plain values in a fixed order. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("person", person);
    map.put("groups", new ArrayList<>(new TreeSet<>(groups)));
    map.put("entitlement", entitlement);
    map.put("target", target);
    map.put("level", level.code());
    map.put("tags", new ArrayList<>(new TreeSet<>(tags)));
    map.put("window", window.toString());
    map.put("ticket", ticket);
    map.put("now", now.toString());
    return map;
  }
}
