package dev.curfew.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.account.People;
import dev.curfew.account.PeopleFlow;
import dev.curfew.catalog.PaperCatalog;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.GivenProofs;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Only who owes the requester nothing decides, and only in a membership that has stood a day. */
@QuarkusTest
@TestProfile(AtTheDesk.class)
class StrangersTest {

  @Inject Desk desk;
  @Inject PeopleFlow flow;
  @Inject People people;

  private Caller ada;
  private Caller ann;

  @BeforeEach
  void people() {
    desk.clear();
    ada = desk.person("Ada", "administrators", "engineering");
    ann = desk.person("Ann", "dba-oncall");
  }

  @Test
  void whomAnAdministratorAddedDoesNotVoteForThem() {
    Caller made = added(ada, "dba-oncall");
    RequestView asked = desk.ask(ada, PaperCatalog.READ);
    assertTied(made, asked);
    assertEquals(RequestState.APPROVED, desk.approve(ann, asked).state());
  }

  @Test
  void whomAnAdministratorResetDoesNotVoteForThem() {
    RequestView asked = desk.ask(ada, PaperCatalog.READ);
    flow.reset(ada, ann.person(), GivenProofs.GOOD);
    CurfewException refusal = assertTied(ann, asked);
    assertTrue(refusal.getMessage().contains("reset"), refusal.getMessage());
  }

  @Test
  void norDoesAnAdministratorVoteForWhomTheyMadeOrReset() {
    Caller boss = desk.person("Bo", "administrators", "dba-oncall");
    Caller made = added(boss, "engineering");
    assertTied(boss, desk.ask(made, PaperCatalog.READ));
    Caller erin = desk.person("Erin", "engineering");
    RequestView before = desk.ask(erin, PaperCatalog.READ);
    flow.reset(boss, erin.person(), GivenProofs.GOOD);
    assertTied(boss, before);
    assertEquals(RequestState.APPROVED, desk.approve(ann, before).state());
  }

  @Test
  void norWhomThatOneAdded() {
    Caller between = added(ada, "administrators");
    Caller last = added(between, "dba-oncall");
    RequestView asked = desk.ask(ada, PaperCatalog.READ);
    assertTied(last, asked);
  }

  @Test
  void aMembershipCountsOnceItIsADayOld() {
    RequestView asked = desk.ask(ada, PaperCatalog.READ);
    joined("23 hours 59 minutes");
    CurfewException young = desk.refused(Fault.NOT_ALLOWED, ann, () -> desk.approve(ann, asked));
    assertTrue(young.getMessage().contains("less than 24 h ago"), young.getMessage());
    joined("24 hours 1 minute");
    assertEquals(RequestState.APPROVED, desk.approve(ann, asked).state());
  }

  private void joined(String ago) {
    desk.sql(
        "update membership set settled = false, since = clock_timestamp() - interval '"
            + ago
            + "' where person = '"
            + ann.person()
            + "'");
  }

  private Caller added(Caller by, String group) {
    String user = "new" + System.nanoTime();
    String id =
        flow.add(by, new PeopleFlow.Add(user, user, Set.of(group)), GivenProofs.GOOD).person();
    return desk.caller(people.mustBe(id));
  }

  private CurfewException assertTied(Caller voter, RequestView asked) {
    CurfewException refusal =
        desk.refused(Fault.NOT_ALLOWED, voter, () -> desk.approve(voter, asked));
    assertTrue(refusal.getMessage().contains("tied"), refusal.getMessage());
    return refusal;
  }
}
