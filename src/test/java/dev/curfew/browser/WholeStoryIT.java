package dev.curfew.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.curfew.boot.Packaged;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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

  private Packaged curfew;
  private Chromium chromium;

  @Test
  void fromEnrolmentToTheProofOfTheEnd() throws SQLException {
    try (Chromium browser = new Chromium();
        Packaged demo = new Packaged("browser")) {
      chromium = browser;
      curfew = demo.start(Map.of());
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
        erin.navigate(grant);
        chromium.look(erin, "grant-running");
        chromium.look(home(erin), "home-live");

        endNow(grant.substring(grant.lastIndexOf('/') + 1));
        erin.navigate(grant);
        assertThat(erin.getByRole(AriaRole.HEADING, heading("Proof that it is gone")))
            .isVisible(PATIENTLY);
        chromium.look(erin, "grant-ended");
        assertThrows(SQLException.class, () -> value(session, "select 1"));
      }

      everyOtherPageStands(erin, ann);
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
    assertThat(page.getByText("laptop").first()).isVisible();
  }

  private String ask(Page page) {
    page.navigate("/catalog");
    assertThat(page.getByText("orders-db/read-only").first()).isVisible();
    chromium.look(page, "catalog");
    page.navigate("/ask?entitlement=orders-db/read-only");
    page.getByLabel("Why").fill("Order 4711 is stuck; I want to see its lines.");
    page.getByLabel("For how long, in minutes").fill("180");
    assertThat(page.locator("#forecast")).containsText("longer than 2 h");
    page.getByLabel("For how long, in minutes").fill("30");
    assertThat(page.locator("#forecast")).not().containsText("longer than 2 h");
    chromium.look(page, "ask");
    page.locator("form#ask button.primary").click();
    page.waitForURL(Pattern.compile("/requests/[0-9a-z]{24}"));
    chromium.look(page, "request-pending");
    return page.url();
  }

  private void approve(Page page) {
    page.navigate("/inbox");
    chromium.look(page, "inbox");
    page.locator("a[href^='/requests/']").first().click();
    chromium.look(page, "request-to-vote");
    page.getByLabel("What you say to it").fill("Go ahead.");
    page.locator("#vote-code").fill(freshCode("ann"));
    page.getByRole(AriaRole.BUTTON, named("Approve 30")).click();
    assertThat(page.locator(".badge").first()).containsText(Pattern.compile("(?i)approved"));
    chromium.look(page, "request-approved");
  }

  private void everyOtherPageStands(Page erin, Page ann) {
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
      assertThat(ada.locator("h1")).not().containsText(Pattern.compile("(?i)not found|no such"));
      chromium.look(ada, "admin-" + page);
    }
  }

  private Page home(Page page) {
    page.navigate("/");
    return page;
  }

  private static com.microsoft.playwright.Locator button(Page page, String name) {
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
