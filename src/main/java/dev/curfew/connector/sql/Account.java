package dev.curfew.connector.sql;

import dev.curfew.connector.Ask;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Mark;
import dev.curfew.connector.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The account of one grant, as its handle describes it: enough to make, open and take it away with
 * its pack deleted.
 */
record Account(Handle handle, Server server) {

  /** The target's own end is a little after ours, so that ours is what people see. */
  static final Duration OWN_END_LATER = Duration.ofSeconds(5);

  /** Who gets what a grantee leaves behind: no login, member of nothing, no rights. */
  static final String ESTATE = "curfew_estate";

  private static final String ROLE = "role";
  private static final String BLOCKED = "blocked";
  private static final String BROKER = "broker";
  private static final String INSTALLATION = "installation";
  private static final String ENTITLEMENT = "entitlement";
  private static final String SNAPSHOT = "snapshot";
  private static final String GROUP = "group";
  private static final String DATABASE = "database";
  private static final String LEVEL = "level";
  private static final String CONNECTIONS = "connections";

  static Account of(Handle handle) {
    return new Account(handle, Server.of(handle));
  }

  static Account of(String kind, Ask ask, Wanted wanted) {
    Map<String, String> facts = facts(Server.of(ask.target()), ask.broker(), ask.grant());
    facts.put(INSTALLATION, ask.installation());
    facts.put(ENTITLEMENT, ask.entitlement().id());
    facts.put(SNAPSHOT, ask.snapshot());
    facts.put(GROUP, wanted.group());
    facts.put(DATABASE, wanted.database());
    facts.put(LEVEL, wanted.level().word());
    facts.put(CONNECTIONS, Integer.toString(wanted.connections()));
    return of(new Handle(kind, ask.grant(), facts));
  }

  /** What a sweep found: enough to take it away, not to make it. */
  static Account of(String kind, Target target, String broker, String grant, Mark mark) {
    Map<String, String> facts = facts(Server.of(target), broker, grant);
    facts.put(INSTALLATION, mark == null ? "" : mark.installation());
    return of(new Handle(kind, grant, facts));
  }

  private static Map<String, String> facts(Server server, String broker, String grant) {
    Map<String, String> facts = new TreeMap<>();
    server.write(facts);
    facts.put(BROKER, broker);
    facts.put(ROLE, Names.role(broker, grant));
    facts.put(BLOCKED, Names.blocked(broker, grant));
    return facts;
  }

  String role() {
    return Server.fact(handle, ROLE);
  }

  String blocked() {
    return Server.fact(handle, BLOCKED);
  }

  String database() {
    return Server.fact(handle, DATABASE);
  }

  boolean actsAsGroup() {
    return Wanted.Level.OWNER.word().equals(handle.facts().get(LEVEL));
  }

  String mark(Instant until) {
    return Marks.text(new Mark(installation(), broker(), handle.grant(), until));
  }

  /** Whether the mark is of this very grant, by this broker, of this installation. */
  boolean owns(Mark mark) {
    return Objects.equals(mark.installation(), installation())
        && mark.broker().equals(broker())
        && mark.grant().equals(handle.grant());
  }

  /** What every statement may ask for; those of one act come on top. */
  Map<String, String> values() {
    Map<String, String> facts = handle.facts();
    Map<String, String> values = new HashMap<>();
    values.put(Values.ROLE, role());
    values.put(Values.BLOCKED, blocked());
    values.put(Values.IDS, "");
    values.put(Values.GROUP, facts.getOrDefault(GROUP, ""));
    values.put(Values.LEVEL, facts.getOrDefault(LEVEL, ""));
    values.put(Values.DATABASE, facts.getOrDefault(DATABASE, ""));
    values.put(Values.CONNECTIONS, facts.getOrDefault(CONNECTIONS, ""));
    values.put(Values.MAINTENANCE, server.maintenance());
    values.put(Values.BROKER, server.user());
    values.put(Values.BROKER_ID, broker());
    values.put(Values.ESTATE, ESTATE);
    return values;
  }

  String broker() {
    return Server.fact(handle, BROKER);
  }

  private String installation() {
    return Server.fact(handle, INSTALLATION);
  }
}
