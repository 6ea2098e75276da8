package dev.curfew.grant;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;

/** The grants as they stand. Who may see which is decided above. */
@ApplicationScoped
public class Grants {

  @Transactional
  public Optional<GrantView> view(String id) {
    throw new UnsupportedOperationException();
  }

  /** All of a person's grants, newest first. */
  @Transactional
  public List<GrantView> ofPerson(String person) {
    throw new UnsupportedOperationException();
  }

  /** All that is not final, oldest end first. */
  @Transactional
  public List<GrantView> live() {
    throw new UnsupportedOperationException();
  }

  /** All that is stuck: first what may still be live, then what is left over. */
  @Transactional
  public List<GrantView> stuck() {
    throw new UnsupportedOperationException();
  }

  /** The person's grant of this entitlement whose end is not decided yet. */
  @Transactional
  public Optional<GrantView> liveFor(String person, String entitlement) {
    throw new UnsupportedOperationException();
  }

  /** Why the target takes no new grants because of those it has; empty when it does. */
  @Transactional
  public Optional<String> closed(String target) {
    throw new UnsupportedOperationException();
  }
}
