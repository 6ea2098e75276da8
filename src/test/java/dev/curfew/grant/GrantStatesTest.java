package dev.curfew.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.persistence.EntityManager;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(OnPaper.class)
class GrantStatesTest {

  private final Bench bench;
  private final EntityManager store;
  private final GrantFlow flow;
  private final Settlement settlement;

  GrantStatesTest(Bench bench, EntityManager store, GrantFlow flow, Settlement settlement) {
    this.bench = bench;
    this.store = store;
    this.flow = flow;
    this.settlement = settlement;
  }

  static Stream<Arguments> pairs() {
    return Stream.of(GrantState.values())
        .flatMap(from -> Stream.of(GrantState.values()).map(to -> Arguments.of(from, to)))
        .filter(pair -> pair.get()[0] != pair.get()[1]);
  }

  @BeforeEach
  void clear() {
    bench.clear();
  }

  @ParameterizedTest(name = "{0} to {1}")
  @MethodSource("pairs")
  void theStoreTakesLegalMovesAndRefusesAllOthers(GrantState from, GrantState to) {
    String id = in(from);
    if (from.mayBecome(to)) {
      assertEquals(1, move(id, from, to));
      assertEquals(to, bench.state(id));
    } else {
      assertThrows(RuntimeException.class, () -> move(id, from, to));
      assertEquals(from, bench.state(id));
    }
  }

  @Test
  void theStoreAndTheCodeKnowTheSameMoves() {
    Set<String> inCode = new TreeSet<>();
    pairs()
        .filter(pair -> ((GrantState) pair.get()[0]).mayBecome((GrantState) pair.get()[1]))
        .forEach(pair -> inCode.add(pair.get()[0] + " " + pair.get()[1]));
    inCode.add("NONE PLANNED");
    Set<String> inStore =
        new TreeSet<>(
            QuarkusTransaction.requiringNew()
                .call(
                    () ->
                        store
                            .createNativeQuery(
                                "select from_state || ' ' || to_state from grant_transition",
                                String.class)
                            .getResultList()));
    assertEquals(inCode, inStore);
  }

  @Test
  void theStoreRefusesAWriterWhoIsWrongAboutTheStateItIsIn() {
    String id = in(GrantState.REVOKING);
    assertThrows(RuntimeException.class, () -> move(id, GrantState.ACTIVE, GrantState.ENDED));
    assertThrows(
        RuntimeException.class,
        () -> bench.sql("update access_grant set came_from = 'STUCK' where id = ?1", id));
    assertEquals(GrantState.REVOKING, bench.state(id));
  }

  @Test
  void theStoreRefusesToForgetAGrant() {
    String id = in(GrantState.ACTIVE);
    assertThrows(
        RuntimeException.class, () -> bench.sql("delete from access_grant where id = ?1", id));
  }

  @ParameterizedTest
  @EnumSource(GrantState.class)
  void anEndIsDecidedOnceFromEveryOpenState(GrantState state) {
    String id = in(state);
    switch (state) {
      case PLANNED -> {
        bench.giveBack(id);
        assertEquals(GrantState.CANCELLED, bench.state(id));
      }
      case PROVISIONING, ACTIVE -> {
        bench.giveBack(id);
        assertEquals(GrantState.REVOKING, bench.state(id));
      }
      case REVOKING, STUCK, ENDED, CANCELLED -> {
        CurfewException no = assertThrows(CurfewException.class, () -> bench.giveBack(id));
        assertEquals(Fault.WRONG_STATE, no.fault());
        assertEquals(state, bench.state(id));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(GrantState.class)
  void onlyAStuckGrantIsAttested(GrantState state) {
    String id = in(state);
    if (state == GrantState.STUCK) {
      flow.attest(Bench.ADMIN, id, "the server was scrapped", Bench.PROOF);
      assertEquals(EndReason.ATTESTED, bench.view(id).endReason());
    } else {
      CurfewException no =
          assertThrows(
              CurfewException.class, () -> flow.attest(Bench.ADMIN, id, "looks gone", Bench.PROOF));
      assertEquals(Fault.WRONG_STATE, no.fault());
    }
  }

  @ParameterizedTest
  @EnumSource(GrantState.class)
  void onlyWhatIsOverComesAlive(GrantState state) {
    String id = in(state);
    flow.aliveAgain(id, "paper_" + id, true, Clocks.ofThisMachine().plusSeconds(60));
    assertEquals(state.isFinal() ? GrantState.REVOKING : state, bench.state(id));
  }

  @Test
  void whatEndedSinceTheSweepBeganIsNotTakenForAlive() {
    String id = in(GrantState.ENDED);
    flow.aliveAgain(id, "paper_" + id, true, Clocks.ofThisMachine().minusSeconds(60));
    assertEquals(GrantState.ENDED, bench.state(id));
  }

  @ParameterizedTest
  @EnumSource(GrantState.class)
  void workersWriteNothingWithoutAClaim(GrantState state) {
    String id = in(state);
    Claim nobodys = new Claim(id, Bench.TARGET, "nobody", 0, null);
    assertTrue(settlement.beginProvision(nobodys).isEmpty());
    assertTrue(settlement.beginRevoke(nobodys).isEmpty());
    assertEquals(state, bench.state(id));
  }

  @Test
  void nothingIsFinalButTheEnds() {
    for (GrantState state : GrantState.values()) {
      boolean end = EnumSet.of(GrantState.ENDED, GrantState.CANCELLED).contains(state);
      assertEquals(end, state.isFinal());
    }
  }

  /** A grant brought to that state by writes alone. */
  private String in(GrantState wanted) {
    String id = bench.planned();
    switch (wanted) {
      case PLANNED -> {}
      case CANCELLED -> move(id, GrantState.PLANNED, GrantState.CANCELLED);
      case PROVISIONING -> move(id, GrantState.PLANNED, GrantState.PROVISIONING);
      case ACTIVE -> {
        move(id, GrantState.PLANNED, GrantState.PROVISIONING);
        move(id, GrantState.PROVISIONING, GrantState.ACTIVE);
      }
      case REVOKING -> {
        move(id, GrantState.PLANNED, GrantState.PROVISIONING);
        move(id, GrantState.PROVISIONING, GrantState.REVOKING);
      }
      case STUCK -> {
        move(id, GrantState.PLANNED, GrantState.PROVISIONING);
        move(id, GrantState.PROVISIONING, GrantState.REVOKING);
        move(id, GrantState.REVOKING, GrantState.STUCK);
      }
      case ENDED -> {
        move(id, GrantState.PLANNED, GrantState.PROVISIONING);
        move(id, GrantState.PROVISIONING, GrantState.REVOKING);
        move(id, GrantState.REVOKING, GrantState.ENDED);
      }
    }
    return id;
  }

  private int move(String id, GrantState from, GrantState to) {
    boolean waits = !to.isFinal() && to != GrantState.ACTIVE;
    boolean decided = to.isEnding() || to.isFinal();
    return bench.sql(
        """
        update access_grant set came_from = ?1, state = ?2,
          ended_at = case when ?3 then clock_timestamp() end,
          next_at = case when ?4 then clock_timestamp() end,
          end_reason = case when ?5 then 'REVOKED' end,
          ending_at = case when ?5 then clock_timestamp() end,
          stuck_at = case when ?2 = 'STUCK' then clock_timestamp() end
        where id = ?6
        """,
        from.name(),
        to.name(),
        to.isFinal(),
        waits,
        decided,
        id);
  }
}
