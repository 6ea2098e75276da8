package dev.curfew.request;

import dev.curfew.catalog.Offer;
import java.util.List;

/**
 * An offer of the catalog for one reader.
 *
 * @param approval who would have to agree, in words, for the shortest and the longest window
 */
public record Listing(Offer offer, List<String> approval) {

  public Listing {
    approval = List.copyOf(approval);
  }
}
