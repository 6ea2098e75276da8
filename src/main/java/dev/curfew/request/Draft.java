package dev.curfew.request;

import dev.curfew.approval.Stage;
import dev.curfew.catalog.Offer;
import dev.curfew.policy.Decision;
import dev.curfew.policy.Terms;
import dev.curfew.policy.Trace;
import java.util.List;

/** An ask that the rules let pass, with what they demand of it. */
record Draft(Offer offer, List<Stage> stages, Terms terms, Trace trace) {

  static Draft of(Offer offer, Decision.Allow allow) {
    return new Draft(offer, List.of(), allow.terms(), allow.trace());
  }

  static Draft of(Offer offer, Decision.Ask ask) {
    return new Draft(offer, ask.stages(), ask.terms(), ask.trace());
  }

  boolean needsNobody() {
    return stages.isEmpty();
  }

  /** What the rules said, in words. */
  String words() {
    return needsNobody()
        ? "nobody needs to agree"
        : String.join("; ", stages.stream().map(Stage::words).toList());
  }
}
