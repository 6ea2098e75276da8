package dev.curfew.account;

import dev.curfew.CurfewException;
import dev.curfew.audit.Names;
import dev.curfew.identity.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.sql.DataSource;

/** Reads who there is. */
@ApplicationScoped
public class People implements Names {

  /** The issuer of accounts that live here. */
  static final String LOCAL = "local";

  private static final String PERSON =
      """
      select p.id, p.name, p.enabled, p.settled, p.created_at, coalesce(a.sub, '') as user_name,
             coalesce(array_agg(m.group_name order by m.group_name)
                      filter (where m.group_name is not null), '{}') as groups
        from person p
        left join account a on a.person = p.id and a.iss = 'local'
        left join membership m on m.person = p.id
       where (?::text is null or p.id = ?)
       group by p.id, a.sub
       order by p.name, p.id
      """;

  private static final String MEMBERS =
      """
      select p.id, p.name, m.since, m.settled
        from membership m join person p on p.id = m.person
       where m.group_name = ? and p.enabled
       order by p.name, p.id
      """;

  private final DataSource store;

  People(DataSource store) {
    this.store = store;
  }

  public Optional<Person> person(String id) {
    return id == null ? Optional.empty() : read(id).stream().findFirst();
  }

  /** Everybody, by name; disabled people too. */
  public List<Person> list() {
    return read(null);
  }

  /**
   * @throws CurfewException NOT_FOUND
   */
  public Person mustBe(String id) {
    return person(id).orElseThrow(() -> CurfewException.notFound("person"));
  }

  /** The enabled members of a group, by name; empty for a group that nobody is in. */
  public List<Member> members(String group) {
    return query(
        MEMBERS,
        List.of(group),
        row ->
            new Member(
                row.getString("id"),
                row.getString("name"),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                row.getBoolean("settled")));
  }

  /** All groups somebody is in, and the reserved ones, sorted. */
  public List<String> groups() {
    SortedSet<String> groups =
        new TreeSet<>(
            query(
                "select distinct group_name from membership",
                List.of(),
                row -> row.getString("group_name")));
    Arrays.stream(Role.values()).map(Role::group).forEach(groups::add);
    return List.copyOf(groups);
  }

  @Override
  public Optional<String> name(String person) {
    return query("select name from person where id = ?", List.of(person), row -> row.getString(1))
        .stream()
        .findFirst();
  }

  private List<Person> read(String id) {
    return query(PERSON, Arrays.asList(id, id), People::person);
  }

  private static Person person(ResultSet row) throws SQLException {
    return new Person(
        row.getString("id"),
        row.getString("name"),
        row.getString("user_name"),
        row.getBoolean("enabled"),
        new TreeSet<>(Arrays.asList((String[]) row.getArray("groups").getArray())),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getBoolean("settled"));
  }

  /** Reads one row. */
  @FunctionalInterface
  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> query(String sql, List<String> values, Row<T> row) {
    try (Connection connection = store.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.size(); i++) {
        statement.setString(i + 1, values.get(i));
      }
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(row.read(rows));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException("the store's people could not be read", e);
    }
  }
}
