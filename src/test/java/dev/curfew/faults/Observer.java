package dev.curfew.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.curfew.Clocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trusts nobody: it reads the targets (roles, sessions, memberships) and the audit's own tables,
 * never a table that Curfew works by, and says every breach of the invariants I1 to I8 as a
 * sentence. Time is the targets' own clock. It reads the targets first and the history second: what
 * stands there must have been on record before.
 *
 * <p>It cannot tell how a role that it never saw came and went: it should look often. A look that
 * could not read all is none, and counted apart; when it could not read for longer than somebody
 * may stay inside, it says so as it says a breach. No fault excuses that: it has doors of its own.
 *
 * <p>What a fault excuses is told to it by {@link #fault}; that the target itself refuses logins in
 * time is excused by nothing.
 */
public final class Observer {

  /** Enters a server, as one who may read all there is. */
  @FunctionalInterface
  public interface Door {
    Connection open() throws SQLException;
  }

  /** A time in which somebody could not do their part, and how soon after it all must be right. */
  private record Fault(Instant from, Instant until, Duration bound) {}

  private record Role(
      String target,
      String name,
      long oid,
      boolean login,
      Instant until,
      String grant,
      Instant end) {}

  private record Session(String target, int pid, String role, long oid) {}

  private record Seen(Instant now, List<Role> roles, List<Session> sessions) {}

  private record Acknowledged(String what, String id, Instant at) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern MARK =
      Pattern.compile(
          "\\{\"curfew\":1,\"installation\":\"([^\"]*)\",\"broker\":\"([^\"]*)\",\"grant\":\"([^\"]*)\",\"exp\":\"([^\"]*)\"}");
  private static final Map<String, Integer> COUNTS =
      Map.of("one", 1, "two", 2, "three", 3, "four", 4, "five", 5);

  /** Reasons of an end that no person decided. */
  private static final Set<String> BY_ITSELF =
      Set.of(
          "the window is over",
          "it was not picked up in time",
          "it was removed at the target by somebody else");

  private final Map<String, Door> targets;
  private final Door history;
  private final String broker;
  private final String installation;
  private final Bounds bounds;

  private final Map<String, Life> lives = new TreeMap<>();
  private final Map<String, Life.Asked> asked = new TreeMap<>();
  private final Map<String, Instant> reportedOrphans = new HashMap<>();
  private final Set<String> read = new HashSet<>();
  private Instant readTo = Instant.EPOCH;

  /** Since when the store lacks a part of its history; null when it never did. */
  private Instant wentBack;

  /** Nobody has told the history yet what stays of what it lacks. */
  private boolean lacks;

  private final Set<String> released = new HashSet<>();
  private Duration overlap = Duration.ofSeconds(30);

  private final Map<String, Instant> firstSeen = new HashMap<>();
  private final Map<String, Role> lastSeen = new HashMap<>();
  private final Map<String, Instant> missingSince = new HashMap<>();
  private final Map<String, String> grantOfOid = new HashMap<>();
  private final Map<String, Instant> strangeSince = new HashMap<>();
  private final Map<String, Set<String>> standing = new HashMap<>();
  private final Set<String> leftOut = new HashSet<>();
  private final List<Fault> faults = new ArrayList<>();
  private final Secrets secrets = new Secrets();
  private final Set<Path> logs = ConcurrentHashMap.newKeySet();
  private final Set<Acknowledged> promises = ConcurrentHashMap.newKeySet();
  private final Set<String> breaches = new LinkedHashSet<>();
  private int looks;
  private int blindLooks;

  /** Since when it could not read all; null while it can. */
  private Instant blindSince;

  private String cannotRead = "";

  public Observer(
      Map<String, Door> targets, Door history, String broker, String installation, Bounds bounds) {
    this.targets = Map.copyOf(targets);
    this.history = history;
    this.broker = broker;
    this.installation = installation;
    this.bounds = bounds;
  }

  /** From here on, what is at the targets and not ours must stay as it is. */
  public synchronized Observer standing() {
    targets.forEach((id, door) -> standing.put(id, standingAt(door)));
    return this;
  }

  /** A standing role that the test itself changes. */
  public synchronized void leavesOut(String role) {
    leftOut.add("role " + role + " ");
  }

  /**
   * In this time somebody could not do their part: what was to be over by then must be so {@code
   * bound} after {@code until}. A fault that goes on ends at {@link Instant#MAX}.
   */
  public synchronized void fault(Instant from, Instant until, Duration bound) {
    faults.removeIf(known -> known.from().equals(from));
    faults.add(new Fault(from, until, bound));
  }

  /**
   * From this moment on the store lacks a part of its history. Until the end of the quarantine it
   * cannot say what was handed out in that part. And the living stay: from here on it is a breach
   * when something is taken away before the end that its own mark names and no person said so.
   */
  public synchronized void storeWentBack(Instant at) {
    wentBack = at;
    lacks = true;
  }

  /** A secret that was handed out: it must stand nowhere. */
  public void secret(String text) {
    secrets.add(text);
  }

  /** A file in which no secret may stand. */
  public void reads(Path log) {
    logs.add(log);
  }

  /** Somebody was told that this request is approved: it must never be lost. */
  public void toldApproved(String request, Instant at) {
    promises.add(new Acknowledged("approval", request, at));
  }

  /** Somebody was told that this grant ends now: it must never be lost. */
  public void toldEnded(String grant, Instant at) {
    promises.add(new Acknowledged("end", grant, at));
  }

  /** How often it read all targets and the history. */
  public synchronized int looks() {
    return looks;
  }

  /** How often it wanted to and could not. */
  public synchronized int blindLooks() {
    return blindLooks;
  }

  /** What the last look could not read, and why; empty when it read all. */
  public synchronized String cannotRead() {
    return cannotRead;
  }

  /** How many secrets it knows. */
  public int secrets() {
    return secrets.size();
  }

  /** How many grants the history tells of. */
  public synchronized int grants() {
    return lives.size();
  }

  /** How many of them are over, by proof or without ever having been provided. */
  public synchronized long over() {
    return lives.values().stream().filter(Life::isOver).count();
  }

  /** Everything that was ever seen to be wrong. */
  public synchronized List<String> breaches() {
    return List.copyOf(breaches);
  }

  /** Looks at everything now; answers everything that was ever seen to be wrong. */
  public synchronized List<String> look() {
    Instant begun = Clocks.ofThisMachine();
    List<Acknowledged> told = List.copyOf(promises); // what is told from here on is not read yet
    Map<String, Seen> seen = new TreeMap<>();
    List<String> unread = new ArrayList<>();
    targets.forEach(
        (id, door) -> {
          try {
            seen.put(id, lookAt(id, door));
          } catch (SQLException e) {
            unread.add(id + ": " + e.getMessage());
          }
        });
    boolean readable = true;
    try {
      readHistory();
    } catch (SQLException e) {
      readable = false;
      unread.add("the history: " + e.getMessage());
    }
    seen.forEach((id, what) -> judgeTarget(id, what));
    if (readable) {
      Instant now = seen.values().stream().map(Seen::now).max(Instant::compareTo).orElse(readTo);
      seen.values().forEach(this::judgeRoles);
      judgeDoubles(seen.values());
      judgeLives(now);
      judgePromises(told);
    }
    count(begun, String.join("; ", unread));
    return List.copyOf(breaches);
  }

  private void count(Instant begun, String unread) {
    cannotRead = unread;
    if (!unread.isEmpty()) {
      blindLooks++;
      blindSince = blindSince == null ? begun : blindSince;
      return;
    }
    if (blindSince != null && begun.isAfter(blindSince.plus(bounds.session()))) {
      breach("nobody looked from %s to %s: not all could be read", blindSince, begun);
    }
    blindSince = null;
    looks++;
  }

  // what is at the targets

  private Seen lookAt(String id, Door door) throws SQLException {
    try (Connection target = door.open();
        Statement ask = target.createStatement()) {
      target.setAutoCommit(false);
      target.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      List<Role> roles = new ArrayList<>();
      Instant now;
      try (ResultSet row = ask.executeQuery("select clock_timestamp()")) {
        row.next();
        now = instant(row, 1);
      }
      try (ResultSet row =
          ask.executeQuery(
              "select rolname, oid, rolcanlogin, nullif(rolvaliduntil, 'infinity'),"
                  + " shobj_description(oid, 'pg_authid') from pg_roles"
                  + " where rolname ~ '^jitx?_"
                  + broker
                  + "_'")) {
        while (row.next()) {
          Matcher mark = MARK.matcher(row.getString(5) == null ? "" : row.getString(5));
          if (mark.matches() && mark.group(1).equals(installation)) {
            roles.add(
                new Role(
                    id,
                    row.getString(1),
                    row.getLong(2),
                    row.getBoolean(3),
                    instant(row, 4),
                    mark.group(3),
                    Instant.parse(mark.group(4))));
          }
        }
      }
      List<Session> sessions = new ArrayList<>();
      try (ResultSet row =
          ask.executeQuery(
              "select a.pid, r.rolname, a.usesysid from pg_stat_activity a"
                  + " left join pg_roles r on r.oid = a.usesysid"
                  + " where a.usesysid is not null and (r.oid is null or r.rolname ~ '^jitx?_"
                  + broker
                  + "_')")) {
        while (row.next()) {
          sessions.add(new Session(id, row.getInt(1), row.getString(2), row.getLong(3)));
        }
      }
      if (standing.containsKey(id)) {
        compareStanding(id, standingIn(target));
      }
      return new Seen(now, roles, sessions);
    }
  }

  /** I6: what is not ours, and who is in what of it. */
  private Set<String> standingAt(Door door) {
    try (Connection target = door.open()) {
      return standingIn(target);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Set<String> standingIn(Connection target) throws SQLException {
    String sql =
        "select format('role %s%s%s, end %s, connections %s, password %s', r.rolname,"
            + " case when r.rolsuper then ' superuser' else '' end,"
            + " case when r.rolcanlogin then ' login' else '' end, r.rolvaliduntil, r.rolconnlimit,"
            + " left(md5(coalesce(r.rolpassword, '')), 8)) from pg_authid r where not "
            + ours("r")
            + " union all select format('%s in %s%s', m.rolname, g.rolname,"
            + " case when a.admin_option then ' with admin' else '' end)"
            + " from pg_auth_members a join pg_authid m on m.oid = a.member"
            + " join pg_authid g on g.oid = a.roleid where not "
            + ours("m")
            + " and not "
            + ours("g");
    Set<String> all = new TreeSet<>();
    try (Statement ask = target.createStatement();
        ResultSet row = ask.executeQuery(sql)) {
      while (row.next()) {
        all.add(row.getString(1));
      }
    }
    return all;
  }

  private String ours(String role) {
    return ("(%1$s.rolname = 'jit_%2$s_witness' or %1$s.rolname ~ '^jitx?_%2$s_'"
            + " and starts_with(coalesce(shobj_description(%1$s.oid, 'pg_authid'), ''),"
            + " '{\"curfew\":1,\"installation\":\"%3$s\"'))")
        .formatted(role, broker, installation);
  }

  private void compareStanding(String id, Set<String> now) {
    Set<String> before = standing.get(id);
    Set<String> gone = new TreeSet<>(before);
    gone.removeAll(now);
    gone.removeIf(what -> leftOut.stream().anyMatch(what::startsWith));
    Set<String> fresh = new TreeSet<>(now);
    fresh.removeAll(before);
    fresh.removeIf(what -> leftOut.stream().anyMatch(what::startsWith));
    gone.forEach(what -> breach("I6: standing access at %s changed: no longer «%s»", id, what));
    fresh.forEach(what -> breach("I6: standing access at %s changed: now «%s»", id, what));
  }

  private void judgeTarget(String id, Seen seen) {
    Set<String> names = new HashSet<>();
    for (Role role : seen.roles()) {
      String key = id + " " + role.name();
      names.add(key);
      firstSeen.putIfAbsent(key, seen.now());
      lastSeen.put(key, role);
      missingSince.remove(key);
      grantOfOid.put(id + " " + role.oid(), role.grant());
    }
    for (String key : Set.copyOf(lastSeen.keySet())) {
      if (key.startsWith(id + " ") && !names.contains(key)) {
        missingSince.putIfAbsent(key, seen.now());
      }
    }
  }

  private void judgeRoles(Seen seen) {
    Map<Long, Role> byOid = new HashMap<>();
    for (Role role : seen.roles()) {
      byOid.put(role.oid(), role);
      Life life = lives.get(role.grant());
      if (life == null || life.opened == null) {
        judgeOrphan(role, seen.now());
      } else {
        judgeRole(role, life, seen.now());
      }
    }
    Set<String> strange = new HashSet<>();
    for (Session session : seen.sessions()) {
      String grant = grantOfOid.get(session.target() + " " + session.oid());
      Life life = grant == null ? null : lives.get(grant);
      if (life != null && life.over() != null) {
        Instant limit = deadline(life.over(), bounds.session());
        if (seen.now().isAfter(limit)) {
          breach(
              "I1: session %d of grant %s at %s is alive, and its access was over at %s"
                  + " (at the latest at %s)",
              session.pid(), grant, session.target(), life.over(), limit);
        }
      } else if (session.role() == null) {
        String key = session.target() + " " + session.pid() + " " + session.oid();
        strange.add(key);
        Instant since = strangeSince.computeIfAbsent(key, k -> seen.now());
        if (seen.now().isAfter(deadline(since, bounds.session()))) {
          breach(
              "I1: session %d at %s belongs to a role that is gone (oid %d), seen since %s",
              session.pid(), session.target(), session.oid(), since);
        }
      }
    }
    strangeSince
        .keySet()
        .removeIf(
            key ->
                seen.sessions().stream().anyMatch(s -> key.startsWith(s.target() + " "))
                    && !strange.contains(key));
  }

  private void judgeRole(Role role, Life life, Instant now) {
    if (!role.login()) {
      return;
    }
    if (life.issuing == 0 && !lacks) {
      breach(
          "I5: %s of grant %s at %s can log in, and no entry says that its secret was made",
          role.name(), role.grant(), role.target());
    }
    Instant end = life.nativeEnd();
    if (end != null
        && !lacks
        && (role.until() == null || role.until().isAfter(end.plus(bounds.credential())))) {
      breach(
          "I1: %s of grant %s at %s may log in until %s, and its access ends at %s",
          role.name(), role.grant(), role.target(), role.until(), end);
    }
    boolean opens = role.until() == null || role.until().isAfter(now);
    Instant limit = life.over() == null ? null : deadline(life.over(), bounds.session());
    if (opens && limit != null && now.isAfter(limit)) {
      breach(
          "I1: %s of grant %s at %s can log in at %s, and its access was over at %s"
              + " (at the latest at %s)",
          role.name(), role.grant(), role.target(), now, life.over(), limit);
    }
  }

  /** I2: something with our mark that no grant knows. */
  private void judgeOrphan(Role role, Instant now) {
    Instant since = firstSeen.get(role.target() + " " + role.name());
    Instant reported = reportedOrphans.get(own(role.name()));
    if (reported == null && now.isAfter(deadline(since, bounds.reported(), bounds.reported()))) {
      breach(
          "I2: %s at %s has no record of a grant %s, stands there since %s and is not reported",
          role.name(), role.target(), role.grant(), since);
    }
    if (reported != null && role.end().isBefore(now)) {
      Instant from = role.end().isAfter(reported) ? role.end() : reported;
      Instant limit = deadline(from, bounds.grace().plus(bounds.reported()), bounds.reported());
      if (now.isAfter(limit)) {
        breach(
            "I2: %s at %s, which no grant knows, was reported at %s, was over at %s and still"
                + " stands there",
            role.name(), role.target(), reported, role.end());
      }
    }
  }

  /** I3: never two for one grant. */
  private void judgeDoubles(Collection<Seen> all) {
    Map<String, Set<String>> ofGrant = new TreeMap<>();
    for (Seen seen : all) {
      // one server may stand behind several targets: the oid tells
      seen.roles()
          .forEach(
              role ->
                  ofGrant
                      .computeIfAbsent(role.grant(), g -> new TreeSet<>())
                      .add(role.name() + " (oid " + role.oid() + ")"));
    }
    ofGrant.forEach(
        (grant, roles) -> {
          if (roles.size() > 1) {
            breach("I3: grant %s has more than one account: %s", grant, roles);
          }
        });
  }

  // what the history says

  private void readHistory() throws SQLException {
    try (Connection store = history.open()) {
      store.setAutoCommit(false);
      store.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      Duration before;
      do {
        before = overlap;
        readEntries(store);
      } while (!overlap.equals(before));
      judgeNumbers(store);
    }
  }

  private void readEntries(Connection store) throws SQLException {
    Instant from = readTo.equals(Instant.EPOCH) ? readTo : readTo.minus(overlap);
    try (PreparedStatement ask =
        store.prepareStatement(
            "select id, at, kind, actor, subject, request_id, grant_id, outcome, body"
                + " from audit_entry where at >= ? order by at, id")) {
      ask.setFetchSize(2_000);
      ask.setObject(1, from.atOffset(ZoneOffset.UTC));
      try (ResultSet row = ask.executeQuery()) {
        while (row.next()) {
          Instant at = instant(row, 2);
          readTo = at.isAfter(readTo) ? at : readTo;
          if (read.add(row.getString(1))) {
            take(row, at);
          }
        }
      }
    }
  }

  private void take(ResultSet row, Instant at) throws SQLException {
    String kind = row.getString(3);
    String request = row.getString(6);
    String grant = row.getString(7);
    boolean done = row.getString(8).equals("DONE");
    JsonNode body = json(row.getString(9));
    if (kind.equals("clock-accepted")) { // later entries are of earlier times
      overlap = overlap.plus(Duration.between(time(body, "to_at"), time(body, "from_at")));
    }
    if (kind.equals("orphan-found")) {
      reportedOrphans.putIfAbsent(own(body.path("principal").asText()), at);
    }
    if (kind.equals("orphan-released") && done) {
      released.add(own(body.path("principal").asText()));
    }
    if (kind.equals("quarantine-ended") && lacks && at.isAfter(wentBack)) {
      lacks = false;
    }
    if (request != null && done) {
      takeAsked(kind, asked.computeIfAbsent(request, Life.Asked::new), row, at, body);
    }
    if (grant != null) {
      takeLife(kind, lives.computeIfAbsent(grant, Life::new), request, at, body, done);
    }
  }

  private void takeAsked(String kind, Life.Asked request, ResultSet row, Instant at, JsonNode body)
      throws SQLException {
    switch (kind) {
      case "request-submitted" -> {
        request.person = row.getString(5);
        body.path("stages").forEach(stage -> request.needed += count(stage.asText()));
      }
      case "vote-cast" -> {
        if (body.path("choice").asText().equals("approve")) {
          request.voters.add(row.getString(4));
        }
      }
      case "request-approved" -> request.approved = at;
      default -> {
        // tells nothing about who agreed
      }
    }
  }

  private void takeLife(
      String kind, Life life, String request, Instant at, JsonNode body, boolean done) {
    switch (kind) {
      case "grant-opened" -> {
        life.opened = at;
        life.request = request;
        life.claimBy = time(body, "claim_by");
      }
      case "grant-provisioned" -> life.provisioned++;
      case "secret-issuing" -> {
        life.issuing += done ? 1 : 0;
        life.due = life.due == null && done ? time(body, "due_at") : life.due;
      }
      case "secret-shown" -> life.shown++;
      case "grant-adopted" -> { // its pick-up was in the time that the store lost
        life.issuing = Math.max(1, life.issuing);
        life.due = time(body, "due_at");
      }
      case "grant-ending" -> {
        life.ending = at;
        life.why = body.path("reason").asText();
      }
      case "grant-ended" -> {
        life.ended = at;
        life.ends++;
      }
      case "grant-cancelled" -> life.cancelled = at;
      case "grant-attested" -> life.attested = at;
      case "grant-drifted" -> life.drifted = true;
      case "grant-found-alive" -> {
        life.foundAlive++;
        life.ending = at;
      }
      default -> {
        // tells nothing that an invariant speaks of
      }
    }
  }

  private void judgeLives(Instant now) {
    for (Life life : lives.values()) {
      if (life.opened != null) {
        judgeApprovals(life);
      }
      if (life.provisioned > 1) {
        breach("I3: grant %s was provisioned %d times", life.grant, life.provisioned);
      }
      if (life.shown > life.issuing) {
        breach(
            "I3: the secret of grant %s was shown %d times and made %d times",
            life.grant, life.shown, life.issuing);
      }
      if (life.ends > 1 + life.foundAlive) {
        breach("I5: grant %s has %d entries of one end", life.grant, life.ends);
      }
      Instant over = life.over();
      if (over != null && !life.isOver() && life.opened != null) {
        Instant limit = deadline(over, bounds.proven(), bounds.proven());
        if (now.isAfter(limit)) {
          breach(
              "I8: grant %s was over at %s and nothing proves its end (at the latest at %s)",
              life.grant, over, limit);
        }
      }
    }
    missingSince.forEach(
        (key, since) -> {
          Role role = lastSeen.get(key);
          Life life = lives.get(role.grant());
          boolean known = life != null && life.opened != null;
          boolean told =
              known
                  ? life.ending != null || life.isOver() || life.drifted
                  : reportedOrphans.containsKey(own(role.name()));
          if (!told && now.isAfter(deadline(since, bounds.reported(), bounds.reported()))) {
            breach(
                "I5: %s of grant %s at %s was taken away by %s and no entry says so",
                role.name(), role.grant(), role.target(), since);
          }
          if (wentBack != null && role.end().isAfter(since) && !somebodySaidSo(role, life)) {
            breach(
                "the living: %s of grant %s at %s was taken away by %s, its own mark goes on until"
                    + " %s, and no person said so",
                role.name(), role.grant(), role.target(), since, role.end());
          }
        });
  }

  /** By its own time, or as missing, it may not end before its mark's end. */
  private boolean somebodySaidSo(Role role, Life life) {
    return life == null || life.opened == null
        ? released.contains(own(role.name()))
        : life.why != null && !BY_ITSELF.contains(life.why);
  }

  /** I4: nothing without those who had to agree, none of them the one who asked. */
  private void judgeApprovals(Life life) {
    Life.Asked request = life.request == null ? null : asked.get(life.request);
    if (request == null || request.approved == null) {
      breach("I4: grant %s was opened and no entry says that its request was approved", life.grant);
      return;
    }
    Set<String> others = new TreeSet<>(request.voters);
    if (request.person != null) {
      others.remove(request.person);
    }
    if (others.size() < request.needed) {
      breach(
          "I4: grant %s was opened for request %s with %d of %d approvals by others than %s",
          life.grant, request.request, others.size(), request.needed, request.person);
    }
  }

  /** I8: what somebody was told is in the history. */
  private void judgePromises(List<Acknowledged> all) {
    for (Acknowledged told : all) {
      boolean kept;
      if (told.what().equals("approval")) {
        Life.Asked request = asked.get(told.id());
        kept =
            request != null
                && request.approved != null
                && lives.values().stream()
                    .anyMatch(life -> told.id().equals(life.request) && life.opened != null);
      } else {
        Life life = lives.get(told.id());
        kept = life != null && (life.ending != null || life.isOver());
      }
      if (!kept) {
        breach(
            "I8: the %s of %s was acknowledged at %s and is lost",
            told.what(), told.id(), told.at());
      }
    }
  }

  /** I5: every entry has one number, or waits for it, and no number is left out. */
  private void judgeNumbers(Connection store) throws SQLException {
    String counts = "select count(*), coalesce(min(n), 1), coalesce(max(n), 0) from audit_index";
    try (Statement ask = store.createStatement()) {
      try (ResultSet row = ask.executeQuery(counts)) {
        row.next();
        if (row.getLong(2) != 1 || row.getLong(1) != row.getLong(3)) {
          breach(
              "I5: the history's numbers run from %d to %d, and there are %d",
              row.getLong(2), row.getLong(3), row.getLong(1));
        }
      }
      try (ResultSet row =
          ask.executeQuery(
              "select e.id, e.kind, (i.entry_id is not null)::int + (o.entry_id is not null)::int"
                  + " from audit_entry e left join audit_index i on i.entry_id = e.id"
                  + " left join audit_outbox o on o.entry_id = e.id"
                  + " where (i.entry_id is null) = (o.entry_id is null) limit 20")) {
        while (row.next()) {
          breach(
              row.getInt(3) == 0
                  ? "I5: entry %s (%s) has no number and waits for none"
                  : "I5: entry %s (%s) has a number and waits for one",
              row.getString(1),
              row.getString(2));
        }
      }
      try (ResultSet row =
          ask.executeQuery("select min(at), clock_timestamp() from audit_outbox")) {
        row.next();
        Instant oldest = instant(row, 1);
        if (oldest != null && instant(row, 2).isAfter(deadline(oldest, bounds.numbered()))) {
          breach("I5: an entry of %s waits for its number", oldest);
        }
      }
    }
  }

  // I7: secrets

  /**
   * Looks for every secret in all that the history has and in all logs. Once, at the end: most
   * secrets are told to the observer after what could hold them was written.
   */
  public synchronized List<String> searchForSecrets() {
    try (Connection store = history.open()) {
      store.setAutoCommit(false);
      search(
          store,
          "entry",
          "select id, concat_ws(' ', actor, subject, target, entitlement, request_id, grant_id,"
              + " body) from audit_entry");
      search(store, "the personal values of entry", "select entry_id, value from audit_field");
    } catch (SQLException e) {
      throw new IllegalStateException("the history could not be searched for secrets", e);
    }
    for (Path log : logs) {
      try {
        if (Files.exists(log) && secrets.standIn(Files.readString(log))) {
          breach("I7: the log %s holds a secret that was handed out", log.getFileName());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return List.copyOf(breaches);
  }

  private void search(Connection store, String where, String sql) throws SQLException {
    try (Statement ask = store.createStatement()) {
      ask.setFetchSize(2_000);
      try (ResultSet row = ask.executeQuery(sql)) {
        while (row.next()) {
          if (secrets.standIn(row.getString(2))) {
            breach("I7: %s %s holds a secret that was handed out", where, row.getString(1));
          }
        }
      }
    }
  }

  // common

  /** The bound, or what a fault in that time makes of it. */
  private Instant deadline(Instant over, Duration bound) {
    return deadline(over, bound, Duration.ZERO);
  }

  /** The same for what may take {@code least} even without a fault: a look, a proof. */
  private Instant deadline(Instant over, Duration bound, Duration least) {
    Instant limit = over.plus(bound);
    for (Fault fault : faults) {
      if (!fault.from().isAfter(limit) && !fault.until().isBefore(over)) {
        Duration after = fault.bound().compareTo(least) > 0 ? fault.bound() : least;
        Instant later = fault.until().equals(Instant.MAX) ? Instant.MAX : fault.until().plus(after);
        limit = later.isAfter(limit) ? later : limit;
      }
    }
    return limit;
  }

  private void breach(String sentence, Object... values) {
    breaches.add(sentence.formatted(values));
  }

  /** A role that is blocked has another name on its way out. */
  private static String own(String name) {
    return name.replaceFirst("^jitx_", "jit_");
  }

  private static int count(String stage) {
    String word = stage.split(" ", 2)[0];
    return COUNTS.getOrDefault(word, word.matches("[0-9]+") ? Integer.parseInt(word) : 1);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Instant time(JsonNode body, String field) {
    return body.hasNonNull(field) ? Instant.parse(body.get(field).asText()) : null;
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
