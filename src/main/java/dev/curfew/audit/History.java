package dev.curfew.audit;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.identity.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** The history as auditors and administrators read it: by number, newest first. */
@ApplicationScoped
public class History {

  private static final int MOST = 200;

  /**
   * @param next the cursor of the next page; empty on the last
   * @param progress how far the numbering is
   */
  public record Page(List<Moment> moments, OptionalLong next, Progress progress) {}

  private final DataSource store;
  private final Sequencer sequencer;

  History(DataSource store, Sequencer sequencer) {
    this.store = store;
    this.sequencer = sequencer;
  }

  /**
   * A page of at most {@code size} entries older than {@code before}.
   *
   * @param before the cursor of the page before; empty for the newest
   */
  @Recorded("read-history")
  public Page page(Caller caller, Filter filter, OptionalLong before, int size) {
    refuseUnlessReader(caller);
    int most = Math.max(1, Math.min(size, MOST));
    Progress progress = sequencer.progress();
    // one more than fits tells whether there is a next page
    List<Moment> found = read(filter, before.orElse(Long.MAX_VALUE), most + 1);
    if (found.size() <= most) {
      return new Page(found, OptionalLong.empty(), progress);
    }
    List<Moment> moments = found.subList(0, most);
    return new Page(moments, OptionalLong.of(moments.get(most - 1).n()), progress);
  }

  /** How many entries of this kind there are since then: a figure, for the operators' view. */
  public long count(Kind kind, Instant since) {
    try (Connection connection = store.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "select count(*) from audit_entry where kind = ? and at > ?")) {
      query.setString(1, kind.code());
      query.setObject(2, since.atOffset(ZoneOffset.UTC));
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the history could not be read", e);
    }
  }

  private List<Moment> read(Filter filter, long before, int limit) {
    try (Connection connection = store.getConnection();
        PreparedStatement query =
            Reading.numbered(filter)
                .and("i.n < ?", before)
                .then("order by i.n desc limit " + limit)
                .on(connection)) {
      return Reading.all(query);
    } catch (SQLException e) {
      throw new IllegalStateException("the history could not be read", e);
    }
  }

  static void refuseUnlessReader(Caller caller) {
    boolean reader = caller.has(Role.AUDITOR) || caller.has(Role.ADMINISTRATOR);
    if (!reader) {
      throw new CurfewException(
          Fault.NOT_ALLOWED,
          "the history is for auditors and administrators; ask an administrator to join one of"
              + " those groups");
    }
    if (!caller.may(Scope.READ)) {
      throw new CurfewException(Fault.NOT_ALLOWED, "this token may not read; use one that may");
    }
  }
}
