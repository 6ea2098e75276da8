package dev.curfew.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * What every connector owes, whatever it talks to. A new connector extends this and says how its
 * target is asked and entered.
 */
public abstract class ConnectorContract {

  protected static final Progress ON = (step, receipt, facts) -> true;

  private final Instant end = Instant.now().plus(Duration.ofMinutes(30));

  /** An access as a person holds it. */
  protected interface Entered extends AutoCloseable {
    boolean isAlive();

    @Override
    void close();
  }

  protected abstract Connector connector();

  protected abstract Ask ask(String grant);

  /** The same with nothing named that could be given. */
  protected abstract Ask emptyAsk(String grant);

  protected abstract Target target();

  /** The same target at an address that accepts connections and never says a word. */
  protected abstract Ask askOfASilentTarget(String grant);

  /** Empty when the secret opens nothing. */
  protected abstract Optional<Entered> enter(Secret secret);

  /** What the broker itself uses to get in. */
  protected abstract String brokerSecret();

  /** Everything the target wrote down. */
  protected abstract String targetLog();

  protected static Limits limits() {
    return Limits.within(Duration.ofSeconds(30));
  }

  protected static Receipt receipt(Outcome outcome) {
    return assertInstanceOf(Outcome.Done.class, outcome).receipt();
  }

  @Test
  void planningIsPureAndTheHandleHoldsNoSecret() {
    String grant = Ids.next();
    Plan plan = connector().plan(ask(grant));
    assertEquals(plan, connector().plan(ask(grant)));
    assertEquals(grant, plan.handle().grant());
    assertFalse(plan.effects().isEmpty());
    assertFalse(plan.toString().contains(brokerSecret()));
    assertTrue(found(grant).isEmpty(), "planning made nothing");
  }

  @Test
  void anEmptyScopeNeverMeansEverything() {
    assertThrows(ConnectorException.class, () -> connector().plan(emptyAsk(Ids.next())));
  }

  @Test
  void provisioningTwiceIsOnce() {
    Plan plan = connector().plan(ask(Ids.next()));
    Receipt first = receipt(connector().provision(plan, end, limits()));
    Receipt second = receipt(connector().provision(plan, end, limits()));
    assertEquals(first, second);
    assertEquals(1, found(plan.handle().grant()).size());
  }

  @Test
  void whatWasProvisionedIsPresentAndMarkedAndNotOpen() {
    Plan plan = connector().plan(ask(Ids.next()));
    Receipt receipt = receipt(connector().provision(plan, end, limits()));
    Verdict closed = connector().verify(plan.handle(), receipt, limits());
    assertEquals(Presence.PRESENT, closed.presence());
    assertFalse(closed.live(), "nobody can get in yet");
    Found found = found(plan.handle().grant()).get(0);
    assertFalse(found.open());
    assertEquals(plan.handle().grant(), found.mark().orElseThrow().grant());
  }

  @Test
  void aSecretOpensAndTheNextOneMakesItVoid() {
    Handle handle = provisioned();
    Secret first = connector().issue(handle, end, limits());
    try (Entered entered = enter(first).orElseThrow()) {
      assertTrue(entered.isAlive());
    }
    assertTrue(found(handle.grant()).get(0).open());
    Secret second = connector().issue(handle, end, limits());
    assertNotEquals(secretOf(first), secretOf(second));
    assertTrue(enter(first).isEmpty(), "the first secret is void");
    try (Entered entered = enter(second).orElseThrow()) {
      assertTrue(entered.isAlive());
    }
  }

  @Test
  void theMarkHoldsTheEndOfTheLastSecret() {
    Plan plan = connector().plan(ask(Ids.next()));
    Instant claimBy = end.minus(Duration.ofMinutes(20));
    receipt(connector().provision(plan, claimBy, limits()));
    assertEquals(claimBy, markedEnd(plan.handle()));
    connector().issue(plan.handle(), end, limits());
    assertEquals(end, markedEnd(plan.handle()));
    receipt(connector().revoke(plan.handle(), Receipt.NONE, ON, limits()));
  }

  private Instant markedEnd(Handle handle) {
    return found(handle.grant()).get(0).mark().orElseThrow().until();
  }

  @Test
  void theTargetRefusesLoginsAfterTheEndByItself() {
    if (connector().profile().guarantee() == Profile.Guarantee.G3) {
      return;
    }
    Handle handle = provisioned();
    Secret secret = connector().issue(handle, Instant.now().minusSeconds(60), limits());
    assertTrue(enter(secret).isEmpty());
  }

  @Test
  void revokingIsProvenAndRevokingTwiceIsDone() {
    Handle handle = provisioned();
    connector().issue(handle, end, limits());
    Receipt receipt = receipt(connector().revoke(handle, Receipt.NONE, ON, limits()));
    Verdict verdict = connector().verify(handle, receipt, limits());
    assertEquals(Presence.ABSENT, verdict.presence(), verdict.evidence().toString());
    assertFalse(verdict.evidence().isEmpty());
    receipt(connector().revoke(handle, receipt, ON, limits()));
    assertTrue(found(handle.grant()).isEmpty());
  }

  @Test
  void revokingWhatNeverWasIsDone() {
    Handle handle = connector().plan(ask(Ids.next())).handle();
    Receipt receipt = receipt(connector().revoke(handle, Receipt.NONE, ON, limits()));
    assertEquals(Presence.ABSENT, connector().verify(handle, receipt, limits()).presence());
  }

  @Test
  void theHandleAloneIsEnoughToRevoke() {
    Handle handle = provisioned();
    connector().issue(handle, end, limits());
    Handle stored = new Handle(handle.kind(), handle.grant(), Map.copyOf(handle.facts()));
    receipt(connector().revoke(stored, Receipt.NONE, ON, limits()));
    assertTrue(found(handle.grant()).isEmpty());
  }

  @Test
  void sessionsAreDeadAfterRevoke() {
    if (!connector().profile().killsSessions()) {
      return;
    }
    Handle handle = provisioned();
    Secret secret = connector().issue(handle, end, limits());
    try (Entered entered = enter(secret).orElseThrow()) {
      receipt(connector().revoke(handle, Receipt.NONE, ON, limits()));
      assertFalse(entered.isAlive());
    }
    assertTrue(enter(secret).isEmpty());
  }

  @Test
  void stepsAreReportedInOrder() {
    Handle handle = provisioned();
    List<Step> steps = new ArrayList<>();
    connector()
        .revoke(
            handle,
            Receipt.NONE,
            (step, receipt, facts) -> {
              assertFalse(facts.isEmpty());
              return steps.add(step);
            },
            limits());
    assertEquals(List.of(Step.BLOCK, Step.KILL, Step.CLEAN), steps);
  }

  @Test
  void whoLostTheRightStopsAtOnceAndAnotherFinishes() {
    for (Step last : EnumSet.of(Step.BLOCK, Step.KILL, Step.CLEAN)) {
      Handle handle = provisioned();
      connector().issue(handle, end, limits());
      Set<Step> steps = EnumSet.noneOf(Step.class);
      Outcome outcome =
          connector()
              .revoke(
                  handle,
                  Receipt.NONE,
                  (step, receipt, facts) -> {
                    steps.add(step);
                    return step != last;
                  },
                  limits());
      assertInstanceOf(Outcome.Again.class, outcome);
      assertEquals(EnumSet.range(Step.BLOCK, last), steps);
      receipt(connector().revoke(handle, Receipt.NONE, ON, limits()));
      assertTrue(found(handle.grant()).isEmpty());
    }
  }

  @Test
  void aLateIssueAfterBlockOpensNothing() {
    Handle handle = provisioned();
    Secret early = connector().issue(handle, end, limits());
    connector().revoke(handle, Receipt.NONE, (step, receipt, facts) -> false, limits());
    assertThrows(ConnectorException.class, () -> connector().issue(handle, end, limits()));
    assertTrue(enter(early).isEmpty());
    assertFalse(found(handle.grant()).get(0).open());
    receipt(connector().revoke(handle, Receipt.NONE, ON, limits()));
  }

  @Test
  void aLateProvisionAfterBlockGivesNothing() {
    Plan plan = connector().plan(ask(Ids.next()));
    connector().provision(plan, end, limits());
    connector().revoke(plan.handle(), Receipt.NONE, (step, receipt, facts) -> false, limits());
    assertInstanceOf(Outcome.Refused.class, connector().provision(plan, end, limits()));
    receipt(connector().revoke(plan.handle(), Receipt.NONE, ON, limits()));
  }

  @Test
  void aSecondGrantStaysWhenTheFirstEnds() {
    Handle first = provisioned();
    Handle second = provisioned();
    Secret secret = connector().issue(second, end, limits());
    try (Entered entered = enter(secret).orElseThrow()) {
      receipt(connector().revoke(first, Receipt.NONE, ON, limits()));
      assertTrue(entered.isAlive());
    }
    receipt(connector().revoke(second, Receipt.NONE, ON, limits()));
  }

  @Test
  void noSecretShowsItself() {
    Handle handle = provisioned();
    Secret secret = connector().issue(handle, end, limits());
    String characters = secretOf(secret);
    assertTrue(characters.length() >= 20);
    assertFalse(secret.toString().contains(characters));
    assertFalse(secret.lines().toString().contains(characters));
    secret.lines().stream()
        .filter(line -> !line.isSecret())
        .forEach(line -> assertFalse(new String(line.value()).contains(characters), line.name()));
    enter(secret).ifPresent(Entered::close);
    receipt(connector().revoke(handle, Receipt.NONE, ON, limits()));
    assertFalse(targetLog().contains(characters), "the target never saw it in the clear");
    assertFalse(targetLog().contains(brokerSecret()));
    secret.wipe();
    assertFalse(secretOf(secret).contains(characters));
  }

  @Test
  void aTargetRemembersTheFurthestWitnessAndASweepNeverFindsIt() {
    if (!connector().keepsWitness()) {
      return;
    }
    String broker = ask(Ids.next()).broker();
    Witness first = new Witness("installation-1", 1, 7, Ids.next());
    Witness second = new Witness("installation-1", 2, 8, Ids.next());
    connector().witness(target(), broker, first, limits());
    assertEquals(Optional.of(first), connector().witness(target(), broker, limits()));
    connector().witness(target(), broker, second, limits());
    connector().witness(target(), broker, second, limits());
    assertEquals(Optional.of(second), connector().witness(target(), broker, limits()));
    connector().witness(target(), broker, first, limits()); // a slower node's
    assertEquals(Optional.of(second), connector().witness(target(), broker, limits()));
    assertEquals(Optional.empty(), connector().witness(target(), "zz", limits()));
    try (var all = connector().sweep(target(), broker, limits())) {
      assertTrue(all.noneMatch(found -> found.name().contains("witness")));
    }
  }

  @Test
  void aSilentTargetIsGivenUpInTime() {
    Plan plan = connector().plan(askOfASilentTarget(Ids.next()));
    Handle handle = plan.handle();
    Outcome.Again provision =
        assertInstanceOf(
            Outcome.Again.class, inTime(limits -> connector().provision(plan, end, limits)));
    assertFalse(provision.reached());
    assertInstanceOf(
        Outcome.Again.class,
        inTime(limits -> connector().revoke(handle, Receipt.NONE, ON, limits)));
    assertEquals(
        Presence.UNKNOWN,
        inTime(limits -> connector().verify(handle, Receipt.NONE, limits)).presence());
    inTime(
        limits ->
            assertThrows(ConnectorException.class, () -> connector().issue(handle, end, limits)));
  }

  private static <T> T inTime(java.util.function.Function<Limits, T> call) {
    long start = System.nanoTime();
    T answer = call.apply(Limits.within(Duration.ofSeconds(1)));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(Duration.ofMillis(2_500)) < 0, () -> "took " + took);
    return answer;
  }

  protected Handle provisioned() {
    Plan plan = connector().plan(ask(Ids.next()));
    receipt(connector().provision(plan, end, limits()));
    return plan.handle();
  }

  protected List<Found> found(String grant) {
    Predicate<Found> ofGrant = found -> found.handle().grant().equals(grant);
    try (var all = connector().sweep(target(), ask(grant).broker(), limits())) {
      return all.filter(ofGrant).toList();
    }
  }

  private static String secretOf(Secret secret) {
    return secret.lines().stream()
        .filter(Secret.Line::isSecret)
        .map(line -> new String(line.value()))
        .findFirst()
        .orElseThrow();
  }
}
