package dev.curfew.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.mfa.Proof;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PickupFlowTest {

  private static final CurfewException DOWN =
      new CurfewException(
              Fault.TARGET_UNAVAILABLE,
              "orders-db did not answer; nothing was handed out, ask again")
          .retryAfter(Duration.ofSeconds(1));

  @Test
  void whoBroughtACodeIsToldToWaitForTheNextOne() {
    CurfewException said = PickupFlow.afterSpending(proof(Proof.Kind.CODE), DOWN);
    assertTrue(said.getMessage().endsWith("ask again, with the next code: this one is used up"));
    assertEquals(Duration.ofSeconds(30), said.retryAfter().orElseThrow());
    assertEquals(Fault.TARGET_UNAVAILABLE, said.fault());
  }

  @Test
  void whoBroughtAPasskeyMayTryAtOnce() {
    assertSame(DOWN, PickupFlow.afterSpending(proof(Proof.Kind.BOUND), DOWN));
  }

  private static Proof proof(Proof.Kind kind) {
    return new Proof("p", kind, "erin", "codes", Instant.EPOCH, Instant.EPOCH, "code, not bound");
  }
}
