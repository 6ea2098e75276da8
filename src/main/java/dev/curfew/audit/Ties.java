package dev.curfew.audit;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Whether one of two people owes access to the other: who created, reset, enrolled or put into a
 * group somebody does not vote for them, nor they for them; nor through a chain of people for whom
 * the same was done. Read from the history itself, which nobody can edit.
 */
@ApplicationScoped
public class Ties {

  private static final Set<Kind> ACTS =
      EnumSet.of(
          Kind.PERSON_ADDED,
          Kind.PERSON_RESET,
          Kind.GROUP_JOINED,
          Kind.KEY_ADDED,
          Kind.CODES_ADDED);

  /** Each act is found once, whatever the number of ways that lead to it. */
  private static final String ACTS_REACHED =
      """
      with recursive act as (
        select * from audit_entry
         where kind = any (?) and at >= ? and outcome = 'DONE' and subject <> actor),
      reached(id, subject) as (
        select id, subject from act where actor = ?
        union
        select act.id, act.subject from reached join act on act.actor = reached.subject)
      select i.n,
      """
          + Reading.COLUMNS
          + """
          from reached join audit_entry e on e.id = reached.id
               left join audit_index i on i.entry_id = e.id
         order by e.at, e.id
          """;

  private final DataSource store;

  Ties(DataSource store) {
    this.store = store;
  }

  /**
   * How the two are tied by acts since then, in words; empty when they are not. The order of the
   * two does not matter.
   */
  public Optional<String> between(String one, String other, Instant since) {
    return from(one, other, since).or(() -> from(other, one, since));
  }

  private Optional<String> from(String first, String last, Instant since) {
    List<Moment> chain = chain(reached(first, since), first, last);
    return chain.isEmpty()
        ? Optional.empty()
        : Optional.of(chain.stream().map(Moment::words).collect(Collectors.joining("; ")));
  }

  private List<Moment> reached(String first, Instant since) {
    try (Connection connection = store.getConnection();
        PreparedStatement query = connection.prepareStatement(ACTS_REACHED)) {
      Array kinds = connection.createArrayOf("text", ACTS.stream().map(Kind::code).toArray());
      query.setArray(1, kinds);
      query.setObject(2, since.atOffset(ZoneOffset.UTC));
      query.setString(3, first);
      return Reading.all(query);
    } catch (SQLException e) {
      throw new IllegalStateException("ties between people could not be read", e);
    }
  }

  /** The shortest chain of acts that leads from the first person to the last. */
  private static List<Moment> chain(List<Moment> acts, String first, String last) {
    Map<String, Moment> reachedBy = new HashMap<>();
    Deque<String> next = new ArrayDeque<>(List.of(first));
    while (!next.isEmpty() && !reachedBy.containsKey(last)) {
      String person = next.remove();
      for (Moment act : acts) {
        boolean isNew = !act.subject().equals(first) && !reachedBy.containsKey(act.subject());
        if (act.actor().equals(person) && isNew) {
          reachedBy.put(act.subject(), act);
          next.add(act.subject());
        }
      }
    }
    return back(reachedBy, first, last);
  }

  private static List<Moment> back(Map<String, Moment> reachedBy, String first, String last) {
    if (!reachedBy.containsKey(last)) {
      return Collections.emptyList();
    }
    LinkedList<Moment> chain = new LinkedList<>();
    for (String person = last; !person.equals(first); person = chain.getFirst().actor()) {
      chain.addFirst(reachedBy.get(person));
    }
    return chain;
  }
}
