package dev.curfew.boot;

import dev.curfew.account.AccountConfig;
import dev.curfew.account.SigningKey;
import dev.curfew.boot.StartProblems.Problem;
import dev.curfew.boot.StartProblems.Reach;
import dev.curfew.catalog.Installation;
import dev.curfew.catalog.PacksSettings;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.mfa.Seeds;
import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Looks, at the start in production, for everything that must not be so, and lists it all at once.
 * Until it is mended the node only takes away.
 */
@Singleton
class StartChecks {

  private static final Logger LOG = Logger.getLogger(StartChecks.class);

  private final BootSettings boot;
  private final AccountConfig account;
  private final PacksSettings packs;
  private final Installation installation;
  private final AgroalDataSource store;
  private final RevokeOnly revokeOnly;
  private final Doors doors;
  private final Seeds seeds;
  private final Config config;

  StartChecks(
      BootSettings boot,
      AccountConfig account,
      PacksSettings packs,
      Installation installation,
      AgroalDataSource store,
      RevokeOnly revokeOnly,
      Doors doors,
      Seeds seeds,
      Config config) {
    this.boot = boot;
    this.account = account;
    this.packs = packs;
    this.installation = installation;
    this.store = store;
    this.revokeOnly = revokeOnly;
    this.doors = doors;
    this.seeds = seeds;
    this.config = config;
  }

  void check(@Observes @Priority(2000) StartupEvent event) {
    List<Problem> problems = new ArrayList<>(StartProblems.early());
    if (isProduction()) {
      problems.addAll(find());
    }
    tell(problems);
  }

  private boolean isProduction() {
    return LaunchMode.current() == LaunchMode.NORMAL
        && boot.demo() != BootSettings.Demo.ON
        && !Boolean.getBoolean(RevokeApplication.RUNS);
  }

  private void tell(List<Problem> problems) {
    if (problems.isEmpty()) {
      return;
    }
    boolean close = problems.stream().anyMatch(each -> each.reach() == Reach.DOORS);
    List<String> texts = problems.stream().map(Problem::text).toList();
    revokeOnly.found(texts);
    if (close) {
      doors.close();
    }
    StringBuilder text = new StringBuilder("Curfew only takes access away until this is mended");
    text.append(close ? ", and every door answers 503:" : ":");
    texts.forEach(each -> text.append("\n  - ").append(each));
    LOG.error(text);
  }

  private List<Problem> find() {
    List<Problem> problems = new ArrayList<>();
    signingKey(account.keyFile()).ifPresent(text -> problems.add(doors(text)));
    seeds.problem().ifPresent(text -> problems.add(doors(text)));
    baseUrl(config.getOptionalValue("curfew.base-url", String.class))
        .ifPresent(text -> problems.add(doors(text)));
    if (!installation.hasBroker()) {
      problems.add(giving("curfew.broker.id is not set: one or two of a-z and 0-9"));
    }
    if (packs.dirs().orElse(List.of()).isEmpty()) {
      problems.add(giving("curfew.packs.dirs names no folder of packs and rules"));
    }
    if (boot.unencryptedLoopback()) {
      problems.add(giving("curfew.targets.unencrypted-loopback is for the demo only; remove it"));
    }
    if (hasDemoPeople()) {
      problems.add(
          doors("this store was a demo's and has its people; take an empty database instead"));
    }
    return problems;
  }

  /** What is wrong with the key that signs the API's tokens. */
  static Optional<String> signingKey(Optional<Path> file) {
    return file.isEmpty()
        ? Optional.of("curfew.sign-in.key-file is not set" + SigningKey.MEND)
        : SigningKey.problem(file.get()).map(why -> "curfew.sign-in.key-file: " + why);
  }

  /** What is wrong with the address people use. */
  static Optional<String> baseUrl(Optional<String> text) {
    if (text.isEmpty()) {
      return Optional.of("curfew.base-url is not set: the https address people use");
    }
    try {
      URI url = URI.create(text.get().strip());
      String host = url.getHost() == null ? "" : url.getHost();
      String path = url.getPath() == null ? "" : url.getPath();
      if (!"https".equals(url.getScheme())) {
        return Optional.of("curfew.base-url must begin with https://, not: " + text.get());
      }
      if (host.isEmpty() || host.matches("[0-9.]+") || host.startsWith("[")) {
        return Optional.of("curfew.base-url needs a name, not an address: passkeys demand it");
      }
      return path.isEmpty() || path.equals("/")
          ? Optional.empty()
          : Optional.of("curfew.base-url must end after the host: Curfew is at the root");
    } catch (IllegalArgumentException e) {
      return Optional.of("curfew.base-url is no address: " + text.get());
    }
  }

  private boolean hasDemoPeople() {
    String sql =
        "select exists (select from account a join person p on p.id = a.person"
            + " where a.iss = 'local' and p.enabled and (a.sub, p.name) in ("
            + DemoPeople.sqlPairs()
            + "))";
    try (Connection connection = store.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getBoolean(1);
    } catch (SQLException e) {
      throw new IllegalStateException("the store cannot be read: " + e.getMessage(), e);
    }
  }

  private static Problem giving(String text) {
    return new Problem(Reach.GIVING, text);
  }

  private static Problem doors(String text) {
    return new Problem(Reach.DOORS, text);
  }
}
