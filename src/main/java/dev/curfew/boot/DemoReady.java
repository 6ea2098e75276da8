package dev.curfew.boot;

import dev.curfew.account.Seed;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the demo's people, and says on the console where to go and as whom. */
@Singleton
class DemoReady {

  private final BootSettings settings;
  private final Seed seed;
  private final String address;

  DemoReady(
      BootSettings settings,
      Seed seed,
      @ConfigProperty(name = "curfew.base-url", defaultValue = "http://localhost:8080")
          String address) {
    this.settings = settings;
    this.seed = seed;
    this.address = address;
  }

  void people(@Observes @Priority(5000) StartupEvent event) {
    if (isDemo()) {
      DemoPeople.in(settings.dataDir()).forEach(player -> seed.person(player.settled()));
    }
  }

  void ready(@ObservesAsync HttpServerStart event) {
    if (isDemo()) {
      System.out.println(text(address, DemoPeople.in(settings.dataDir())));
    }
  }

  private boolean isDemo() {
    return settings.demo() == BootSettings.Demo.ON;
  }

  private static String text(String address, List<DemoPeople.Player> players) {
    StringBuilder text = new StringBuilder();
    text.append("\nCurfew is ready:  ").append(address).append("\n\n");
    text.append("This is a demo, reachable from this machine only. Sign in as (a second person: a");
    text.append(" private window)\n\n");
    for (DemoPeople.Player player : players) {
      text.append(
          String.format(
              "  %-5s %-15s %-18s %s%n",
              player.settled().user(),
              player.settled().password(),
              player.may(),
              player.otpauth()));
    }
    text.append("\nThe last column goes into an authenticator, by hand or as a QR code, and makes");
    text.append(" the one-time codes.\nCtrl-C stops it; the data stays for the next start.\n");
    return text.toString();
  }
}
