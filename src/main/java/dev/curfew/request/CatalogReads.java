package dev.curfew.request;

import dev.curfew.approval.Stage;
import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.Offer;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import dev.curfew.policy.Decision;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The catalog as one caller sees it: what the caller may not ask for is not there. */
@ApplicationScoped
public class CatalogReads {

  private static final int SHORT = 30;

  private final Catalog catalog;
  private final Rulings rulings;
  private final RevokeOnly revokeOnly;

  CatalogReads(Catalog catalog, Rulings rulings, RevokeOnly revokeOnly) {
    this.catalog = catalog;
    this.rulings = rulings;
    this.revokeOnly = revokeOnly;
  }

  /**
   * @param text words to look for; null or blank for all
   * @param tag null or blank for any
   */
  public List<Listing> search(Caller caller, String text, String tag) {
    revokeOnly.refuse();
    Rights.demand(caller, Scope.READ);
    return catalog.search(text, tag).stream()
        .filter(offer -> rulings.mayAsk(caller.groups(), caller.person(), offer.id()))
        .map(offer -> listing(caller, offer))
        .toList();
  }

  /**
   * Whether there is anything that the caller may ask for now: nothing without a usable snapshot.
   */
  public boolean hasAny(Caller caller) {
    return !revokeOnly.isOn()
        && !catalog.targetIds().isEmpty()
        && catalog.search("", "").stream()
            .anyMatch(offer -> rulings.mayAsk(caller.groups(), caller.person(), offer.id()));
  }

  /**
   * @throws dev.curfew.CurfewException NOT_FOUND
   */
  public Listing one(Caller caller, String entitlement) {
    revokeOnly.refuse();
    Rights.demand(caller, Scope.READ);
    return listing(caller, rulings.offer(caller, entitlement));
  }

  private Listing listing(Caller caller, Offer offer) {
    int longest = Math.toIntExact(offer.longest().toMinutes());
    String ofShort = approval(caller, offer, Math.min(SHORT, longest));
    String ofLong = approval(caller, offer, longest);
    if (ofShort.equals(ofLong)) {
      return new Listing(offer, List.of(ofShort));
    }
    List<String> both = new ArrayList<>();
    both.add("for " + SHORT + " minutes: " + ofShort);
    both.add("for " + words(offer.longest()) + ": " + ofLong);
    return new Listing(offer, both);
  }

  private String approval(Caller caller, Offer offer, int minutes) {
    Decision decision = rulings.decide(caller, offer, new Submit(offer.id(), minutes, "", ""));
    if (decision instanceof Decision.Ask ask) {
      return String.join("; ", ask.stages().stream().map(Stage::words).toList());
    }
    return decision instanceof Decision.Deny deny
        ? Rulings.sentence(deny)
        : "nobody needs to agree";
  }

  private static String words(Duration window) {
    long minutes = window.toMinutes();
    return minutes % 60 == 0 ? minutes / 60 + " h" : minutes + " minutes";
  }
}
