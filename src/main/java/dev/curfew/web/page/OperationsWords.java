package dev.curfew.web.page;

import dev.curfew.request.OperationsView;
import io.quarkus.qute.TemplateExtension;

/** What the page of operations says where nothing is wrong. */
@TemplateExtension
public final class OperationsWords {

  private OperationsWords() {}

  /** How it stands with what should be over while there is no {@link Trouble}. */
  public static String calm(OperationsView view) {
    return view.targets().stream().allMatch(at -> at.overdueSeconds() == 0)
        ? "Every access that should be over is proven gone, or was attested."
        : "Not all that should be over is proven gone yet, but nobody can be inside more than 30 s"
            + " past an end.";
  }
}
