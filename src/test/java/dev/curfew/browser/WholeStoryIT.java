package dev.curfew.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.curfew.Ids;
import dev.curfew.boot.Packaged;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The whole story as people live it, in a real browser against the packaged demo: sign in, enrol a
 * passkey, ask, have somebody else agree, pick up, enter, be cut off at the end, read the history.
 */
class WholeStoryIT {

  private static final LocatorAssertions.IsVisibleOptions PATIENTLY =
      new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);

  private static final LocatorAssertions.ContainsTextOptions EVENTUALLY =
      new LocatorAssertions.ContainsTextOptions().setTimeout(20_000);

  private Packaged curfew;
  private Chromium chromium;

  @Test
  void fromEnrolmentToTheProofOfTheEnd() throws SQLException {
    try (Chromium browser = new Chromium();
        Packaged demo = new Packaged("browser").withLentPrograms()) {
      chromium = browser;
      curfew =
          demo.start(
              Map.of("curfew.grant.stuck-after", "10s", "curfew.grant.reconcile-every", "2s"));
      Page erin = chromium.person("http://localhost:" + curfew.port());
      Page ann = chromium.person("http://localhost:" + curfew.port());

      erin.navigate("/");
      chromium.look(erin, "sign-in");
      signIn(erin, "erin");
      chromium.look(erin, "home-empty");
      enrolPasskey(erin);
      String request = ask(erin);

      signIn(ann, "ann");
      chromium.look(ann, "home-waiting");
      approve(ann);

      erin.navigate(request);
      erin.getByRole(AriaRole.LINK, named("To your access")).click();
      assertThat(button(erin, "Pick up")).isVisible(PATIENTLY);
      chromium.look(erin, "grant-waiting");
      String grant = erin.url();
      button(erin, "Pick up").click();
      assertThat(erin.getByText("Shown once.")).isVisible();
      chromium.look(erin, "handover");
      assertFalse(line(erin, "psql").contains(line(erin, "password")));

      try (Connection session =
          DriverManager.getConnection(
              line(erin, "jdbc"), line(erin, "user"), line(erin, "password"))) {
        assertFalse(value(session, "select count(*) from orders").equals("0"));
        chromium.look(home(erin), "home-live");
        theSkipLinkLeadsToTheContent(erin);
        chromium.reachesEverythingByTab(home(erin));
        erin.navigate(grant);
        chromium.look(erin, "grant-running");
        chromium.reachesEverythingByTab(erin);

        // nobody loads the page again: it shows the end by itself
        endNow(grant.substring(grant.lastIndexOf('/') + 1));
        assertThat(erin.getByRole(AriaRole.HEADING, heading("Proof that it is gone")))
            .isVisible(PATIENTLY);
        chromium.look(erin, "grant-ended");
        assertThrows(SQLException.class, () -> value(session, "select 1"));
      }

      aRefusedFormKeepsWhatWasTyped(erin);
      denied(erin, ann);
      givenBack(erin, ann);
      Page ada = everyOtherPageStands(erin, ann);
      whatCannotBeTakenAwayIsShownUntilItIs(erin, ann, ada);
      aServerThatWasPutBackTakesNothingNewUntilItIsAccepted(erin, ada);
      whatDiffersAfterTheStoreWentBackIsDecided(erin, ann, ada);
    }
  }

  private void signIn(Page page, String user) {
    page.navigate("/");
    page.getByLabel("Sign-in name").fill(user);
    page.getByLabel("Password").fill(curfew.password(user));
    button(page, "Continue").click();
    page.getByLabel(Pattern.compile("^Code from your authenticator")).fill(freshCode(user));
    button(page, "Continue").click();
    assertThat(page.locator("h1")).not().containsText("second factor");
  }

  private void enrolPasskey(Page page) {
    page.navigate("/keys");
    chromium.look(page, "keys");
    page.getByLabel("Name of the key").fill("laptop");
    page.locator("#key-add-code").fill(freshCode("erin"));
    button(page, "Add a passkey").click();
    assertThat(page.locator("h1")).containsText("recovery codes");
    chromium.look(page, "recovery-codes");
    page.getByRole(AriaRole.LINK, named("I have kept them")).click();
    assertThat(page.getByText("laptop").first()).isVisible();
    chromium.look(page, "keys-with-passkey");
  }

  private String ask(Page page) {
    page.navigate("/catalog");
    assertThat(page.getByText("orders-db/read-only").first()).isVisible();
    chromium.look(page, "catalog");
    page.navigate("/ask?entitlement=orders-db/read-only");
    page.getByLabel("Why").fill("Order 4711 is stuck; I want to see its lines.");
    page.getByLabel("For how long, in minutes").fill("180");
    assertThat(page.locator("#forecast")).containsText("because the window is longer");
    page.getByLabel("For how long, in minutes").fill("30");
    assertThat(page.locator("#forecast")).not().containsText("because the window");
    chromium.look(page, "ask");
    chromium.reachesEverythingByTab(page);
    page.locator("form#ask button.primary").click();
    page.waitForURL(Pattern.compile("/requests/[0-9a-z]{24}"));
    chromium.look(page, "request-pending");
    return page.url();
  }

  private void aRefusedFormKeepsWhatWasTyped(Page page) {
    page.navigate("/ask?entitlement=orders-db/read-write");
    page.getByLabel("For how long, in minutes").fill("90");
    assertThat(page.locator("#forecast")).containsText("needs a ticket");
    chromium.look(page, "ask-refused-by-rule");
    String tooLong = "é".repeat(2_001);
    page.getByLabel("For how long, in minutes").fill("45");
    page.getByLabel("Why").fill(tooLong);
    page.getByLabel("Ticket").fill("OPS-12");
    page.locator("form#ask button.primary").click();
    assertThat(page.locator("#reason-error")).isVisible();
    assertThat(page.locator("#reason-error")).containsText("2,000");
    assertThat(page.getByLabel("Why")).hasValue(tooLong);
    assertThat(page.getByLabel("For how long, in minutes")).hasValue("45");
    assertThat(page.getByLabel("Ticket")).hasValue("OPS-12");
    chromium.look(page, "ask-refused-field");
  }

  /** Asked by keyboard alone, from the catalog on. */
  private void denied(Page erin, Page ann) {
    erin.navigate("/catalog");
    tabTo(erin, "a[href='/ask?entitlement=orders-db/read-write']");
    erin.keyboard().press("Enter");
    erin.waitForURL(Pattern.compile("/ask[?]entitlement="));
    tabTo(erin, "#window");
    erin.keyboard().press("Control+A");
    erin.keyboard().type("20");
    tabTo(erin, "#reason");
    erin.keyboard().type("Set order 4711 free <b>now</b>.");
    tabTo(erin, "form#ask button.primary");
    erin.keyboard().press("Enter");
    erin.waitForURL(Pattern.compile("/requests/[0-9a-z]{24}"));
    String request = request(erin);

    ann.navigate(request);
    ann.locator("#vote-code").fill(freshCode("ann"));
    button(ann, "Deny").click();
    assertThat(ann.locator("#reason-error")).isVisible();
    chromium.look(ann, "vote-refused");
    ann.getByLabel("Your comment").fill("Ask Bob first, please.");
    ann.locator("#vote-code").fill(freshCode("ann"));
    button(ann, "Deny").click();
    assertThat(ann.locator(".badge").first()).containsText("denied");
    // the asker's page follows by itself
    assertThat(erin.locator(".badge").first()).containsText("denied", EVENTUALLY);
    assertThat(erin.getByText("Ask Bob first, please.").first()).isVisible();
    assertThat(erin.getByText("<b>now</b>").first()).isVisible();
    chromium.look(erin, "request-denied");
  }

  private void givenBack(Page erin, Page ann) {
    erin.navigate("/");
    chromium.look(erin, "home-again");
    erin.locator("a[href^='/ask?again=']").first().click();
    erin.locator("form#ask button.primary").click();
    erin.waitForURL(Pattern.compile("/requests/[0-9a-z]{24}"));
    ann.navigate(request(erin));
    ann.locator("#vote-code").fill(freshCode("ann"));
    ann.getByRole(AriaRole.BUTTON, named("Approve")).click();
    erin.getByRole(AriaRole.LINK, named("To your access"))
        .click(new Locator.ClickOptions().setTimeout(20_000));
    assertThat(button(erin, "Pick up")).isVisible(PATIENTLY);
    button(erin, "Give back").click();
    assertThat(erin.getByRole(AriaRole.HEADING, heading("Proof that it is gone")))
        .isVisible(PATIENTLY);
    assertThat(erin.locator("main")).containsText("iven back");
    chromium.look(erin, "grant-given-back");
  }

  private static String request(Page page) {
    return page.url().replaceFirst("\\?.*", "");
  }

  private static void tabTo(Page page, String selector) {
    for (int i = 0; i < 80; i++) {
      page.keyboard().press("Tab");
      if (Boolean.TRUE.equals(page.evaluate("s => document.activeElement.matches(s)", selector))) {
        return;
      }
    }
    throw new AssertionError("the keyboard does not reach " + selector + " on " + page.url());
  }

  private void approve(Page page) {
    page.navigate("/inbox");
    chromium.look(page, "inbox");
    page.locator("a[href^='/requests/']").first().click();
    chromium.look(page, "request-to-vote");
    page.getByLabel("Your comment").fill("Go ahead.");
    page.locator("#vote-code").fill(freshCode("ann"));
    page.getByRole(AriaRole.BUTTON, named("Approve 30")).click();
    assertThat(page.locator(".badge").first()).containsText("approved");
    chromium.look(page, "request-approved");
  }

  private Page everyOtherPageStands(Page erin, Page ann) {
    erin.navigate("/catalog?q=nothing-like-this");
    chromium.look(erin, "catalog-nothing");
    erin.navigate("/requests/000000000000000000000000");
    chromium.look(erin, "not-found");
    ann.navigate("/inbox");
    chromium.look(ann, "inbox-empty");

    Page uma = chromium.person("http://localhost:" + curfew.port());
    signIn(uma, "uma");
    uma.navigate("/history");
    assertThat(uma.locator("main")).containsText("Erin Engineer");
    chromium.look(uma, "history");

    Page ada = chromium.person("http://localhost:" + curfew.port());
    signIn(ada, "ada");
    for (String page : new String[] {"targets", "stuck", "findings", "packs", "people"}) {
      ada.navigate("/admin/" + page);
      assertThat(ada.locator("h1")).isVisible();
      assertThat(ada.locator("h1")).not().containsText("nothing here");
      chromium.look(ada, "admin-" + page);
    }
    return ada;
  }

  /** The first stop of the keyboard; behind it comes what the page is about. */
  private void theSkipLinkLeadsToTheContent(Page page) {
    home(page).keyboard().press("Tab");
    assertThat(page.locator(".skip")).isFocused();
    page.keyboard().press("Enter");
    page.keyboard().press("Tab");
    assertThat(page.locator("main a").first()).isFocused();
  }

  /** The target lets the broker in no more when access has to end. */
  private void whatCannotBeTakenAwayIsShownUntilItIs(Page erin, Page ann, Page ada)
      throws SQLException {
    String grant = running(erin, ann);
    target("alter role curfew_broker nologin");
    target(
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'curfew_broker'");
    endNow(grant.substring(grant.lastIndexOf('/') + 1));
    erin.navigate(grant);
    assertThat(erin.getByRole(AriaRole.HEADING, heading("Access may still be live since")))
        .isVisible(PATIENTLY);
    chromium.look(erin, "grant-stuck");
    ada.navigate("/admin/stuck");
    assertThat(ada.locator("main")).containsText("Erin Engineer");
    chromium.look(ada, "admin-stuck-live");
    ada.navigate("/admin/targets");
    button(ada, "Check now").click();
    assertThat(ada.locator("main")).containsText("closed to new grants");
    chromium.look(ada, "admin-targets-closed");
    erin.navigate("/catalog");
    assertThat(erin.locator("main")).containsText("closed for now");
    chromium.look(erin, "catalog-closed");
    ada.navigate(grant);
    ada.getByLabel("How you know").fill("I looked myself.");
    chromium.look(ada, "grant-attest");

    target("alter role curfew_broker login");
    erin.navigate(grant);
    assertThat(erin.getByRole(AriaRole.HEADING, heading("Proof that it is gone")))
        .isVisible(PATIENTLY);
  }

  private void aServerThatWasPutBackTakesNothingNewUntilItIsAccepted(Page erin, Page ada)
      throws SQLException {
    try (Connection store = curfew.store()) {
      theTargetRemembers(1, value(store, "select entry_id from audit_index where n = 1"));
    }
    again(ada, "/admin/targets", "remembers less of Curfew than it was told");
    chromium.look(ada, "admin-targets-put-back");
    erin.navigate("/ask?entitlement=orders-db/read-only");
    chromium.look(erin, "ask-put-back");
    ada.locator("#orders-db-code").fill(freshCode("ada"));
    ada.getByRole(AriaRole.BUTTON, named("Accept server")).click();
    assertThat(ada.locator("main")).not().containsText("remembers less");
    chromium.look(ada, "admin-targets-accepted");
  }

  private void whatDiffersAfterTheStoreWentBackIsDecided(Page erin, Page ann, Page ada)
      throws SQLException {
    String grant = running(erin, ann);
    String id = grant.substring(grant.lastIndexOf('/') + 1);
    run("update access_grant set due_at = due_at - interval '5 minutes' where id = ?", id);
    String lost = Ids.next();
    theTargetHasAlso(lost, id);
    theTargetRemembers(1_000_000, Ids.next());

    again(ada, "/admin/quarantine", "What differs (2)");
    chromium.look(ada, "admin-quarantine");
    chromium.reachesEverythingByTab(ada);
    erin.navigate("/");
    chromium.look(erin, "home-quarantine");
    erin.navigate("/ask?entitlement=orders-db/read-write");
    chromium.look(erin, "ask-quarantine");

    ada.navigate("/admin/quarantine");
    Locator unknown = card(ada, lost);
    takeAway(unknown).click();
    assertThat(unknown.locator("[data-proof-error]")).isVisible();
    chromium.look(ada, "admin-quarantine-without-proof");
    unknown.getByLabel(Pattern.compile("^Code from your authenticator")).fill(freshCode("ada"));
    takeAway(unknown).click();
    assertThat(card(ada, lost)).containsText("An administrator decided: take it away now");
    chromium.look(ada, "admin-quarantine-decided");
    ada.locator("#end-code").fill(freshCode("ada"));
    button(ada, "End the quarantine").click();
    assertThat(ada.getByRole(AriaRole.HEADING, heading("No quarantine"))).isVisible();
    chromium.look(ada, "admin-quarantine-ended");
    erin.navigate(grant);
    chromium.look(erin, "grant-after-quarantine");
    assertThat(erin.locator(".badge").first()).containsText("active");
  }

  private static Locator card(Page page, String grant) {
    return page.locator("section.card").filter(new Locator.FilterOptions().setHasText(grant));
  }

  private static Locator takeAway(Locator card) {
    return card.locator("button[value=REVOKE]");
  }

  /** As if it had been given in the time that is lost. */
  private void theTargetHasAlso(String lost, String like) throws SQLException {
    target(
        """
        do $$ declare known record; lost text; begin
          select rolname, shobj_description(oid, 'pg_authid') as mark into known
            from pg_roles where rolname like 'jit\\_%%%1$s';
          lost := replace(known.rolname, '%1$s', '%2$s');
          execute format('create role %%I login', lost);
          execute format('comment on role %%I is %%L', lost,
            replace(known.mark, '%1$s', '%2$s'));
          execute format(
            'grant %%I to curfew_broker with admin true, inherit false, set false', lost);
        end $$
        """
            .formatted(like, lost));
  }

  /** What it was last told is in the comment of a role that is nobody's. */
  private void theTargetRemembers(long n, String entry) throws SQLException {
    target(
        """
        do $$ declare witness record; begin
          select rolname, shobj_description(oid, 'pg_authid') as told into witness
            from pg_roles where rolname like 'jit\\_%%\\_witness';
          execute format('comment on role %%I is %%L', witness.rolname, regexp_replace(
            witness.told, '"n":[0-9]+,"entry":"[^"]*"', '"n":%d,"entry":"%s"'));
        end $$
        """
            .formatted(n, entry));
  }

  /** Until what the next look finds is on the page. */
  private static void again(Page page, String path, String text) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              page.navigate(path);
              return page.locator("main").textContent().contains(text);
            });
  }

  /** Address of a grant whose window runs. */
  private String running(Page erin, Page ann) {
    erin.navigate("/ask?entitlement=orders-db/read-only");
    erin.getByLabel("Why").fill("Order 4711 is stuck again.");
    erin.locator("form#ask button.primary").click();
    erin.waitForURL(Pattern.compile("/requests/[0-9a-z]{24}"));
    ann.navigate(request(erin));
    ann.locator("#vote-code").fill(freshCode("ann"));
    ann.getByRole(AriaRole.BUTTON, named("Approve")).click();
    erin.getByRole(AriaRole.LINK, named("To your access"))
        .click(new Locator.ClickOptions().setTimeout(20_000));
    assertThat(button(erin, "Pick up")).isVisible(PATIENTLY);
    String grant = request(erin);
    button(erin, "Pick up").click();
    assertThat(erin.getByText("Shown once.")).isVisible();
    return grant;
  }

  private void target(String sql) throws SQLException {
    try (Connection target = curfew.target();
        PreparedStatement statement = target.prepareStatement(sql)) {
      statement.execute();
    }
  }

  private Page home(Page page) {
    page.navigate("/");
    return page;
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, named(name));
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  private static Page.GetByRoleOptions heading(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  /** What the hand-over page shows under a name. */
  private static String line(Page page, String name) {
    return page.locator("#" + name).textContent().strip();
  }

  /** As time would. */
  private void endNow(String grant) {
    run("update access_grant set due_at = clock_timestamp() where id = ?", grant);
  }

  /** A code works once in half a minute; a test does not wait for the next. */
  private String freshCode(String user) {
    run(
        "update totp set last_step = -1 where person = (select person from account where sub = ?)",
        user);
    return curfew.code(user);
  }

  private void run(String sql, String value) {
    try (Connection store = curfew.store();
        PreparedStatement statement = store.prepareStatement(sql)) {
      statement.setString(1, value);
      assertEquals(1, statement.executeUpdate());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String value(Connection session, String sql) throws SQLException {
    try (PreparedStatement statement = session.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getString(1) : null;
    }
  }
}
