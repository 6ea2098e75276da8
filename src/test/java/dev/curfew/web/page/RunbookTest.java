package dev.curfew.web.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.request.ClockView;
import dev.curfew.request.OperationsView;
import dev.curfew.request.OperationsView.AtTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is wrong is said on the page, and every saying leads to lines on what to do. */
class RunbookTest {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");

  @Test
  void partsParagraphsListsAndCodeAreRead() {
    List<Runbook.Part> parts =
        Runbook.parts(
            "# All\nRead **this** first.\n\n## One\nDo:\n1. look at\n   `a b`\n2. see [it](x.md).\n");
    assertEquals(List.of("all", "one"), parts.stream().map(Runbook.Part::id).toList());
    assertEquals(
        List.of(
            new Runbook.Span("text", "Read "),
            new Runbook.Span("strong", "this"),
            new Runbook.Span("text", " first.")),
        parts.get(0).blocks().get(0).spans());
    List<Runbook.Block> list = parts.get(1).blocks();
    assertEquals(List.of("", "1.", "2."), list.stream().map(Runbook.Block::bullet).toList());
    assertEquals(new Runbook.Span("code", "a b"), list.get(1).spans().get(1));
    assertEquals("see it.", list.get(2).spans().get(0).text());
  }

  @Test
  void nothingIsWrongInAQuietInstallation() {
    assertEquals(List.of(), Trouble.of(view(target(true, 12, 0, 0), 2, 0.4)));
  }

  @Test
  void allThatIsWrongIsSaidWorstFirstWithWhatToDo() throws IOException {
    List<Trouble> troubles = Trouble.of(view(target(false, 185, 2, 1), 31, 12));
    assertEquals(
        "orders-db: 2 grants may still be live, 3 min 5 s past the end.", troubles.get(0).text());
    assertEquals("bad", troubles.get(0).tone());
    assertEquals(5, troubles.size(), troubles.toString());
    Set<String> parts =
        Runbook.parts(Files.readString(Path.of("docs", "alerts.md"))).stream()
            .map(Runbook.Part::id)
            .collect(Collectors.toSet());
    for (Trouble trouble : troubles) {
      assertTrue(parts.contains(trouble.alert()), trouble.toString());
    }
  }

  @Test
  void aLateEndIsSaidAlsoBesideALeftover() {
    List<Trouble> troubles = Trouble.of(view(target(true, 125, 0, 1), 0, 0));
    assertEquals(
        List.of(
            "orders-db: an end is not proven 2 min 5 s after it was due, and somebody may be"
                + " inside.",
            "orders-db: something is left of a grant that nobody can use any more."),
        troubles.stream().map(Trouble::text).toList());
    assertEquals(List.of("bad", "wait"), troubles.stream().map(Trouble::tone).toList());
  }

  @Test
  void whatNobodyTakesAwayIsSaidWithWhatItWaitsFor() {
    String all = Trouble.of(view(overstaying(2, 2), 0, 0)).get(0).text();
    assertTrue(all.startsWith("orders-db: 2 grants may still be live, 3 min 5 s past"), all);
    assertTrue(all.contains("Nobody takes them away yet: since Curfew started"), all);
    String some = Trouble.of(view(overstaying(2, 1), 0, 0)).get(0).text();
    assertTrue(some.contains("Nobody takes away 1 of them yet: since Curfew started"), some);
    String one = Trouble.of(view(overstaying(1, 1), 0, 0)).get(0).text();
    assertTrue(one.contains("a grant may still be live, 3 min 5 s past the end. Nobody"), one);
    assertTrue(one.contains("Nobody takes it away yet: since Curfew started"), one);
  }

  @Test
  void aQuietPageClaimsNoMoreThanIsSo() {
    assertEquals(
        "Every access that should be over is proven gone, or was attested.",
        OperationsWords.calm(view(target(true, 0, 0, 0), 0, 0)));
    assertEquals(
        "Not all that should be over is proven gone yet, but nobody can be inside more than 30 s"
            + " past an end.",
        OperationsWords.calm(view(target(true, 29, 0, 0), 0, 0)));
  }

  private static AtTarget target(boolean open, double overdue, long live, long leftover) {
    return target(open, overdue, live, 0, leftover);
  }

  private static AtTarget overstaying(long live, long overstaying) {
    return target(true, 185, live, overstaying, 0);
  }

  private static AtTarget target(
      boolean open, double overdue, long live, long overstaying, long leftover) {
    return new AtTarget(
        "orders-db",
        "Orders",
        open,
        open ? null : "it did not answer",
        NOW,
        3,
        0,
        0,
        1,
        overdue,
        overdue,
        live,
        live == 0 ? 0 : overdue,
        overstaying,
        leftover,
        leftover == 0 ? 0 : overdue);
  }

  private static OperationsView view(AtTarget target, double apart, double unnumbered) {
    return new OperationsView(
        NOW,
        List.of(target),
        new OperationsView.Ends(0, 0, 0, null),
        2,
        new ClockView(NOW, NOW, 0, apart),
        new OperationsView.HistoryLag(7, 1, unnumbered),
        new OperationsView.QuarantineState(false, null, 0, 0, 1),
        List.of());
  }
}
