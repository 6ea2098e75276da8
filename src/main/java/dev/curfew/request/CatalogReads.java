package dev.curfew.request;

import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The catalog as one caller sees it: what the caller may not ask for is not there. */
@ApplicationScoped
public class CatalogReads {

  /**
   * @param text words to look for; null or blank for all
   * @param tag null or blank for any
   */
  public List<Listing> search(Caller caller, String text, String tag) {
    throw new UnsupportedOperationException();
  }

  /**
   * @throws dev.curfew.CurfewException NOT_FOUND
   */
  public Listing one(Caller caller, String entitlement) {
    throw new UnsupportedOperationException();
  }
}
