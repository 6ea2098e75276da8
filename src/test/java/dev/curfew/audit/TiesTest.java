package dev.curfew.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.identity.Caller;
import dev.curfew.testing.Store;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class TiesTest {

  @Inject Audit audit;
  @Inject Ties ties;
  @Inject Clocks clocks;

  private final Caller carol = Histories.person("Carol");
  private final Caller ben = Histories.person("Ben");
  private final Caller ada = Histories.person("Ada");
  private final Caller dan = Histories.person("Dan");
  private Instant monthAgo;

  @BeforeEach
  void look() {
    monthAgo = clocks.now().minus(Duration.ofDays(30));
  }

  @Test
  void strangersAreNotTied() {
    assertEquals(Optional.empty(), between(ada, ben));
  }

  @Test
  void whoPutSomebodyIntoAGroupIsTiedToThemEitherWayRound() {
    did(Kind.GROUP_JOINED, carol, ben);
    assertTrue(between(carol, ben).orElseThrow().startsWith("Carol put "));
    assertEquals(between(carol, ben), between(ben, carol));
  }

  @Test
  void aChainOfPeopleTiesItsEnds() {
    did(Kind.PERSON_ADDED, carol, ben);
    did(Kind.PERSON_RESET, ben, ada);
    did(Kind.GROUP_JOINED, ada, dan);
    String how = between(dan, carol).orElseThrow();
    assertEquals(3, how.split("; Ben|; Ada").length, how);
  }

  @Test
  void aLoopOfActsEnds() {
    did(Kind.PERSON_ADDED, carol, ben);
    did(Kind.PERSON_RESET, ben, carol);
    did(Kind.PERSON_RESET, carol, ben);
    assertEquals(Optional.empty(), between(carol, dan));
    assertTrue(between(carol, ben).isPresent());
  }

  @Test
  void twoPeopleOfTheSameAdministratorAreNotTied() {
    did(Kind.PERSON_ADDED, carol, ada);
    did(Kind.PERSON_ADDED, carol, ben);
    assertEquals(Optional.empty(), between(ada, ben));
  }

  @Test
  void otherActsAndWhatWasRefusedAndWhatIsLongAgoTieNobody() {
    did(Kind.GROUP_LEFT, carol, ben);
    Histories.record(
        audit,
        Entry.of(Kind.REFUSED, carol).subject(ben.person()),
        Entry.of(Kind.GROUP_JOINED, carol).subject(ben.person()).outcome(Entry.Outcome.REFUSED));
    assertEquals(Optional.empty(), between(carol, ben));
    did(Kind.GROUP_JOINED, carol, ben);
    assertEquals(
        Optional.empty(),
        ties.between(carol.person(), ben.person(), clocks.now().plus(Duration.ofMinutes(1))));
  }

  @Test
  void whatOneDoesToOneselfTiesNobody() {
    did(Kind.KEY_ADDED, ada, ada);
    assertEquals(Optional.empty(), between(ada, ben));
  }

  private Optional<String> between(Caller one, Caller other) {
    return ties.between(one.person(), other.person(), monthAgo);
  }

  private void did(Kind kind, Caller actor, Caller subject) {
    Histories.record(audit, Entry.of(kind, actor).subject(subject.person()));
  }
}
