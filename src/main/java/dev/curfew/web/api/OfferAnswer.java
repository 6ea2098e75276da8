package dev.curfew.web.api;

import dev.curfew.catalog.Offer;
import dev.curfew.request.Listing;
import java.time.Instant;
import java.util.List;

/**
 * What can be asked for.
 *
 * @param longest the longest window, in minutes
 * @param approval who would have to agree
 * @param refusals why it cannot be asked for as its target stands; empty when it can
 * @param maxResidualSeconds how long access may at most outlive its window
 */
public record OfferAnswer(
    String id,
    String target,
    String title,
    String description,
    List<String> tags,
    String level,
    long longest,
    List<String> approval,
    List<String> gives,
    List<String> everyone,
    List<String> refusals,
    Instant readAt,
    String guarantee,
    long maxResidualSeconds,
    String residual) {

  static OfferAnswer of(Listing listing) {
    Offer offer = listing.offer();
    return new OfferAnswer(
        offer.id(),
        offer.target(),
        offer.title(),
        offer.description(),
        offer.tags(),
        offer.level().code(),
        offer.longest().toMinutes(),
        listing.approval(),
        offer.gives(),
        offer.everyone(),
        offer.refusals(),
        offer.readAt().orElse(null),
        offer.guarantee(),
        offer.maxResidual().toSeconds(),
        offer.residual());
  }
}
