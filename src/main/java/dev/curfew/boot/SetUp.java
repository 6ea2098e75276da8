package dev.curfew.boot;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.account.Link;
import dev.curfew.account.Seed;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Refusals;
import dev.curfew.identity.Caller;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * The first administrator: who can read a file on the host may make one, once, within an hour of
 * the start. The token is random at each start and not kept anywhere but in that file.
 */
@Singleton
class SetUp {

  private static final Logger LOG = Logger.getLogger(SetUp.class);
  private static final Duration GOOD_FOR = Duration.ofHours(1);
  private static final String OVER =
      "the hour of this set-up token is over; restart Curfew on the host, whose log then names a"
          + " new one";

  private final BootSettings settings;
  private final Seed seed;
  private final Refusals refusals;
  private final Clocks clocks;
  private final Doors doors;
  private String token;
  private Instant until;

  SetUp(BootSettings settings, Seed seed, Refusals refusals, Clocks clocks, Doors doors) {
    this.settings = settings;
    this.seed = seed;
    this.refusals = refusals;
    this.clocks = clocks;
    this.doors = doors;
  }

  void offer(@Observes @Priority(6000) StartupEvent event) {
    boolean production =
        LaunchMode.current() == LaunchMode.NORMAL
            && settings.demo() != BootSettings.Demo.ON
            && !Boolean.getBoolean(RevokeApplication.RUNS);
    if (production && !doors.areClosed() && !seed.hasAdministrator()) {
      open();
    }
  }

  /** Writes a fresh token; the one before is void. */
  synchronized Path open() {
    Path file = file();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be replaced: " + e.getMessage(), e);
    }
    token = PrivateFile.secret(file);
    until = clocks.now().plus(GOOD_FOR);
    LOG.warnf(
        "No administrator yet: open /set-up and use the token in %s, good until %s and once",
        file, until);
    return file;
  }

  /**
   * @throws CurfewException SIGN_IN_REFUSED when the token is wrong, over or used
   */
  synchronized Link redeem(String offered, String user, String name, String address) {
    if (!isRight(offered)) {
      CurfewException refused =
          new CurfewException(
              Fault.SIGN_IN_REFUSED, isOver() ? OVER : "this set-up token is wrong or used");
      refusals.atTheDoor(Kind.SET_UP_REFUSED, "set-up", address, null, refused);
      throw refused;
    }
    try {
      Link link = seed.firstAdministrator(Caller.operator("set-up"), user, name);
      used();
      return link;
    } catch (CurfewException e) {
      if (e.fault() == Fault.WRONG_STATE) {
        used(); // by the token of another node
      }
      throw e;
    }
  }

  private void used() {
    token = null;
    try {
      Files.deleteIfExists(file());
    } catch (IOException e) {
      LOG.warnf("%s could not be removed; its token is used", file());
    }
  }

  private boolean isRight(String offered) {
    if (token == null || isOver()) {
      return false;
    }
    return MessageDigest.isEqual(
        token.getBytes(StandardCharsets.UTF_8), offered.strip().getBytes(StandardCharsets.UTF_8));
  }

  private boolean isOver() {
    return token != null && clocks.now().isAfter(until);
  }

  private Path file() {
    return settings.dataDir().toAbsolutePath().resolve("set-up-token");
  }

  /** A page that exists only while there is a token, so it has no place among the others. */
  void routes(@Observes Router router) {
    router.get("/set-up").handler(call -> page(call, 200, isOver() ? OVER : ""));
    router
        .post("/set-up")
        .handler(BodyHandler.create(false).setBodyLimit(8_192))
        .blockingHandler(this::submitted);
  }

  private void submitted(RoutingContext call) {
    try {
      Link link =
          redeem(
              field(call, "token"),
              field(call, "user"),
              field(call, "name"),
              call.request().remoteAddress().hostAddress());
      call.response().setStatusCode(303).putHeader("Location", link.path()).end();
    } catch (CurfewException e) {
      if (e.fault() == Fault.WRONG_STATE) {
        show(call, 409, e.getMessage()); // the last time: its token is void now
      } else {
        page(call, 400, e.getMessage());
      }
    }
  }

  private static String field(RoutingContext call, String name) {
    String value = call.request().getFormAttribute(name);
    return value == null ? "" : value;
  }

  private synchronized void page(RoutingContext call, int status, String problem) {
    if (token == null) {
      call.next();
      return;
    }
    show(call, status, problem);
  }

  private static void show(RoutingContext call, int status, String problem) {
    call.response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/html;charset=UTF-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'")
        .end(PAGE.replace("{problem}", escaped(problem)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Set up Curfew</title>
        <link rel="stylesheet" href="/css/curfew.css">
      </head>
      <body>
      <main>
        <h1>Set up Curfew</h1>
        <p>Make the first administrator. The log on the host names the file with the token; it works
           once, within an hour of the start. Next you choose a password and enrol a passkey.</p>
        <p role="alert">{problem}</p>
        <form method="post" action="/set-up">
          <p class="field"><label for="token">Set-up token</label>
            <input id="token" name="token" type="password" autocomplete="off" required></p>
          <p class="field"><label for="user">User name</label>
            <input id="user" name="user" autocomplete="username" required></p>
          <p class="field"><label for="name">Name, as others see it</label>
            <input id="name" name="name" autocomplete="name" required></p>
          <p><button>Go on</button></p>
        </form>
      </main>
      </body>
      </html>
      """;
}
