package dev.curfew.catalog;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Whether this node may give as well as take away. What the start checks found wrong stands here;
 * until it is mended the node only revokes, and everything that could give answers why.
 */
@ApplicationScoped
public class RevokeOnly {

  private volatile List<String> problems = List.of();

  /** Told by boot; an empty list means all is well. */
  public void found(List<String> whatIsWrong) {
    problems = List.copyOf(whatIsWrong);
  }

  public boolean isOn() {
    return !problems.isEmpty();
  }

  /** What is wrong, each with its mend. For the host's log and administrators. */
  public List<String> problems() {
    return problems;
  }

  /**
   * Called first by whatever could lead to new access: ask, vote, pick up, the catalog.
   *
   * @throws CurfewException {@link Fault#REVOKE_ONLY}
   */
  public void refuse() {
    if (isOn()) {
      throw new CurfewException(
          Fault.REVOKE_ONLY,
          "Curfew only takes access away until its configuration is mended; an administrator sees"
              + " what is wrong");
    }
  }
}
