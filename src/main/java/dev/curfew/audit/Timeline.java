package dev.curfew.audit;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * All that happened to one request or grant, in order, complete at once: nothing here waits for
 * numbers. Whoever calls has made sure that the caller may see the thing.
 */
@ApplicationScoped
public class Timeline {

  private static final String SELECT =
      "select i.n, "
          + Reading.COLUMNS
          + " from audit_entry e left join audit_index i on i.entry_id = e.id where ";
  private static final String OF_REQUEST = SELECT + "e.request_id = ? order by e.at, e.id";
  private static final String OF_GRANT =
      SELECT
          + """
          e.grant_id = ? or e.request_id =
            (select request_id from audit_entry
              where grant_id = ? and request_id is not null limit 1)
          order by e.at, e.id
          """;

  private final DataSource store;

  Timeline(DataSource store) {
    this.store = store;
  }

  /** Of a request, with its votes and its grant's moves. */
  public List<Moment> ofRequest(String request) {
    return read(OF_REQUEST, request);
  }

  /** Of a grant, from the request it came from to the proof of its revocation. */
  public List<Moment> ofGrant(String grant) {
    return read(OF_GRANT, grant, grant);
  }

  private List<Moment> read(String sql, String... ids) {
    try (Connection connection = store.getConnection();
        PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < ids.length; i++) {
        query.setString(i + 1, ids[i]);
      }
      return Reading.all(query);
    } catch (SQLException e) {
      throw new IllegalStateException("the timeline could not be read", e);
    }
  }
}
