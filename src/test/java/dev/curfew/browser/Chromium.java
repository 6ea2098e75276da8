package dev.curfew.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A real Chromium, and what every page must keep: no serious finding of axe-core, no breach of the
 * content security policy, no error in the console, nothing wider than a phone.
 */
final class Chromium implements AutoCloseable {

  private static final Path SCREENS = Path.of("target", "screens");
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");

  /** Marks what Tab has to reach, one of each group of radio buttons, and begins at the top. */
  private static final String TO_BE_REACHED =
      """
      () => {
        const all = [...document.querySelectorAll(
            'a[href], button, input, select, textarea, summary, [tabindex="0"]')]
          .filter((e) => e.type !== 'hidden' && !e.disabled && e.checkVisibility())
          .filter((e) => e.type !== 'radio' || e.checked);
        all.forEach((e) => { e.dataset.waits = ''; });
        document.activeElement.blur();
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute('tabindex');
        return all.length;
      }""";

  /** Ticks off what has the focus; answers what shows none. */
  private static final String REACHED =
      """
      () => {
        const e = document.activeElement;
        if (!e || e === document.body) return '';
        delete e.dataset.waits;
        return getComputedStyle(e).outlineStyle === 'none' ? e.outerHTML : '';
      }""";

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = new ArrayList<>();

  /** Starts it; the test is skipped where there is none and it is not required. */
  Chromium() {
    if (!Files.isExecutable(PROGRAM)) {
      String text = "there is no " + PROGRAM + " (Debian: apt install chromium)";
      if ("required".equals(System.getProperty("curfew.browser"))) {
        fail(text);
      }
      System.out.println("skipped: " + text);
      abort(text);
    }
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(PROGRAM)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--disable-background-networking")));
  }

  /** A window of its own, as of another person; it has a passkey of its own if it makes one. */
  Page person(String address) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBaseURL(address)
                .setViewportSize(1280, 900)
                // no colour is measured half way from light to dark
                .setReducedMotion(ReducedMotion.REDUCE)
                .setTimezoneId("Europe/Berlin"));
    context.addInitScript(
        "addEventListener('securitypolicyviolation', (e) => console.error('Content Security Policy"
            + " breach: ' + e.violatedDirective + ' ' + e.blockedURI));");
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")
              && !message.text().contains("Failed to load resource")) {
            complaints.add(page.url() + ": " + message.text());
          }
        });
    page.onPageError(error -> complaints.add(page.url() + ": " + error));
    CDPSession devtools = context.newCDPSession(page);
    devtools.send("WebAuthn.enable");
    JsonObject options = new JsonObject();
    options.addProperty("protocol", "ctap2");
    options.addProperty("transport", "internal");
    options.addProperty("hasResidentKey", true);
    options.addProperty("hasUserVerification", true);
    options.addProperty("isUserVerified", true);
    options.addProperty("automaticPresenceSimulation", true);
    JsonObject authenticator = new JsonObject();
    authenticator.add("options", options);
    devtools.send("WebAuthn.addVirtualAuthenticator", authenticator);
    return page;
  }

  /** Checks the page as it stands, and keeps how it looks: two widths, light and dark. */
  void look(Page page, String name) {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      assertEquals(List.of(), seriousFindings(page), name + ", " + scheme);
      for (int width : new int[] {1280, 390}) {
        page.setViewportSize(width, width == 390 ? 844 : 900);
        assertEquals(
            true,
            page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            name + " is wider than " + width + " pixels");
        page.screenshot(
            new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(
                    SCREENS.resolve(
                        name + "-" + width + "-" + scheme.name().toLowerCase() + ".png")));
      }
    }
    page.setViewportSize(1280, 900);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    assertEquals(List.of(), complaints, "what the browser complained about");
  }

  /** Nothing that can be used is out of the keyboard's reach, and where one is can be seen. */
  void reachesEverythingByTab(Page page) {
    int there = ((Number) page.evaluate(TO_BE_REACHED)).intValue();
    for (int i = 0; i < there + 3; i++) {
      page.keyboard().press("Tab");
      assertEquals("", page.evaluate(REACHED), "no focus ring on " + page.url());
    }
    assertEquals(
        List.of(),
        page.evaluate("() => [...document.querySelectorAll('[data-waits]')].map(e => e.outerHTML)"),
        "out of the keyboard's reach on " + page.url());
  }

  private static List<String> seriousFindings(Page page) {
    return new AxeBuilder(page)
        .analyze().getViolations().stream()
            .filter(
                rule -> Set.of("serious", "critical").contains(String.valueOf(rule.getImpact())))
            .map(Chromium::words)
            .toList();
  }

  private static String words(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getHelp()
        + " at "
        + rule.getNodes().stream().map(node -> String.valueOf(node.getTarget())).toList();
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
