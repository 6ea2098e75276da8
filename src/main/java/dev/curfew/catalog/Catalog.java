package dev.curfew.catalog;

import dev.curfew.connector.Ask;
import dev.curfew.connector.EnginePack;
import dev.curfew.connector.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * What the accepted snapshot offers. It knows nothing of who asks: what a caller may not ask for is
 * left out by the flows.
 *
 * <p>Without an accepted snapshot every method but {@link #target} throws {@code REVOKE_ONLY}.
 */
@ApplicationScoped
public class Catalog {

  /** Digest of the accepted snapshot. */
  public String digest() {
    throw new UnsupportedOperationException();
  }

  public List<RuleFile> rules() {
    throw new UnsupportedOperationException();
  }

  public List<Offer> offers() {
    throw new UnsupportedOperationException();
  }

  public Optional<Offer> offer(String entitlement) {
    throw new UnsupportedOperationException();
  }

  /**
   * Offers in which every word of {@code text} occurs in name, tag, description, target or
   * privileges; {@code tag} narrows further. Null or blank means any.
   */
  public List<Offer> search(String text, String tag) {
    throw new UnsupportedOperationException();
  }

  /**
   * What grant plans from.
   *
   * @throws dev.curfew.CurfewException {@code NOT_FOUND} when there is no such entitlement
   */
  public Ask ask(String entitlement, String grantId) {
    throw new UnsupportedOperationException();
  }

  public Optional<Target> target(String id) {
    throw new UnsupportedOperationException();
  }

  public List<TargetView> targets() {
    throw new UnsupportedOperationException();
  }

  /**
   * The statements of a kind: of the accepted snapshot, or of the last one that had them, since
   * what they opened must be closed even when their pack is gone.
   */
  public Optional<EnginePack> engine(String kind) {
    throw new UnsupportedOperationException();
  }

  /** Why the target takes no new grants now; empty when it does. */
  public Optional<String> closed(String target) {
    throw new UnsupportedOperationException();
  }

  /** Checks and reads one target again, now. */
  public void refresh(String target) {
    throw new UnsupportedOperationException();
  }
}
