package dev.curfew.web.api;

import dev.curfew.request.Forecast;
import dev.curfew.request.StageView;
import java.util.List;

/**
 * What would come of an ask. Windows and waits are in minutes, ages in seconds.
 *
 * @param passes whether it would be accepted as it stands
 * @param answer {@code ALLOW}, {@code ASK} or {@code DENY}
 * @param existing a request for the same thing that the ask would lead to; null without one
 */
public record ForecastAnswer(
    String entitlement,
    boolean passes,
    Forecast.Answer answer,
    String words,
    List<StageView> stages,
    List<Forecast.Rule> rules,
    List<String> problems,
    List<String> mends,
    long longest,
    List<String> effects,
    String guarantee,
    String residual,
    long askWithinSeconds,
    long claimByMinutes,
    long lapseAfterMinutes,
    boolean pickUpByPasskey,
    String existing) {

  static ForecastAnswer of(Forecast forecast) {
    return new ForecastAnswer(
        forecast.entitlement(),
        forecast.wouldPass(),
        forecast.answer(),
        forecast.words(),
        forecast.stages(),
        forecast.rules(),
        forecast.problems(),
        forecast.mends(),
        forecast.longest().toMinutes(),
        forecast.effects(),
        forecast.guarantee(),
        forecast.residual(),
        forecast.askWithin().toSeconds(),
        forecast.claimBy().toMinutes(),
        forecast.lapseAfter().toMinutes(),
        forecast.pickUpByPasskey(),
        forecast.existing());
  }
}
