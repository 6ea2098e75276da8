package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Ids;
import dev.curfew.approval.Stage;
import dev.curfew.catalog.Offer;
import dev.curfew.catalog.Spans;
import dev.curfew.grant.Effects;
import dev.curfew.grant.Preview;
import dev.curfew.identity.Caller;
import dev.curfew.policy.Decision;
import dev.curfew.policy.Terms;
import dev.curfew.policy.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What would come of an ask, with everything that stands in its way at once. */
@ApplicationScoped
class Forecasts {

  private final Rulings rulings;
  private final Submission submission;
  private final Preview preview;

  Forecasts(Rulings rulings, Submission submission, Preview preview) {
    this.rulings = rulings;
    this.submission = submission;
    this.preview = preview;
  }

  /** What the rules said, before it is put in words. */
  private record Ruling(
      Forecast.Answer answer, String words, List<Stage> stages, Terms terms, Trace trace) {}

  @Transactional
  Forecast of(Caller caller, Submit submit) {
    Offer offer = rulings.offer(caller, submit.entitlement());
    Submit asked = within(submit, offer);
    List<String> problems = new ArrayList<>();
    List<String> mends = new ArrayList<>();
    if (asked.windowMinutes() != submit.windowMinutes()) {
      problems.add("the window is 1 to " + offer.longest().toMinutes() + " minutes here");
      mends.add("ask for " + Spans.words(offer.longest()) + " or less");
    }
    rulings.closed(offer).ifPresent(problems::add);
    Decision decision = rulings.decide(caller, offer, asked);
    Ruling ruling = ruling(decision);
    if (decision instanceof Decision.Deny deny) {
      problems.addAll(deny.why());
      // a way past the rules that names a window names one that fits
      if (deny.mend().stream().anyMatch(mend -> mend.startsWith("ask for "))) {
        mends.clear();
      }
      mends.addAll(deny.mend());
    }
    if (!ruling.stages().isEmpty()) {
      rulings.unreachable(caller.person(), ruling.stages()).ifPresent(problems::add);
    }
    String existing =
        submission.running(caller.person(), offer.id()).map(request -> request.id).orElse(null);
    if (existing == null) {
      submission.overLimit(caller).map(CurfewException::getMessage).ifPresent(problems::add);
    }
    return forecast(offer, asked.window(), ruling, problems, mends, existing);
  }

  private Forecast forecast(
      Offer offer,
      Duration window,
      Ruling ruling,
      List<String> problems,
      List<String> mends,
      String existing) {
    Effects effects = preview.of(offer.id(), Ids.next(), window);
    Terms terms = ruling.terms();
    return new Forecast(
        offer.id(),
        offer.longest(),
        ruling.answer(),
        ruling.words(),
        ruling.stages().stream().map(Forecasts::view).toList(),
        ruling.trace().rules().stream().map(Forecasts::view).toList(),
        problems,
        mends,
        effects.lines(),
        effects.guarantee(),
        effects.residual(),
        terms.askWithin(),
        terms.claimBy(),
        terms.lapseAfter(),
        terms.pickUpByPasskey(),
        existing);
  }

  private static Ruling ruling(Decision decision) {
    if (decision instanceof Decision.Deny deny) {
      return new Ruling(
          Forecast.Answer.DENY, Rulings.sentence(deny), List.of(), Terms.DEFAULT, deny.trace());
    }
    if (decision instanceof Decision.Allow allow) {
      return new Ruling(
          Forecast.Answer.ALLOW, "nobody needs to agree", List.of(), allow.terms(), allow.trace());
    }
    Decision.Ask ask = (Decision.Ask) decision;
    String words = String.join("; ", ask.stages().stream().map(Stage::words).toList());
    return new Ruling(Forecast.Answer.ASK, words, ask.stages(), ask.terms(), ask.trace());
  }

  /** The rules are asked about a window there could be, whatever was typed. */
  private static Submit within(Submit submit, Offer offer) {
    int longest = Math.toIntExact(offer.longest().toMinutes());
    int minutes = Math.max(1, Math.min(submit.windowMinutes(), longest));
    return new Submit(submit.entitlement(), minutes, submit.reason(), submit.ticket());
  }

  private static StageView view(Stage stage) {
    return new StageView(
        stage.name(), stage.group(), stage.needed(), 0, stage.acceptCode(), stage.words());
  }

  private static Forecast.Rule view(Trace.Tried rule) {
    return new Forecast.Rule(rule.rule(), rule.passes(), rule.effect(), rule.text());
  }
}
