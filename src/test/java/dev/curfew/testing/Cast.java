package dev.curfew.testing;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.curfew.Clocks;
import dev.curfew.Ids;
import dev.curfew.account.People;
import dev.curfew.account.Person;
import dev.curfew.account.Seed;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import dev.curfew.identity.Session;
import dev.curfew.mfa.Enrolment;
import dev.curfew.mfa.Hashes;
import dev.curfew.mfa.Offered;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.InvalidKeyException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.apache.commons.codec.binary.Base32;

/**
 * People for tests: settled, with a password and a TOTP seed, in the groups a test wants. What
 * would take a test half a minute, the next code, is taken by a short cut through the store.
 */
@ApplicationScoped
public class Cast {

  public static final String PASSWORD = "correct horse battery staple";

  /** Base32 of the seed everybody here shares. */
  public static final String SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  private static final byte[] SEED_BYTES = "12345678901234567890".getBytes();

  private final Seed seed;
  private final People people;
  private final Enrolment enrolment;
  private final DataSource store;
  private final Clocks clocks;

  Cast(Seed seed, People people, Enrolment enrolment, DataSource store, Clocks clocks) {
    this.seed = seed;
    this.people = people;
    this.enrolment = enrolment;
    this.store = store;
    this.clocks = clocks;
  }

  /** A new person; the sign-in name gets a random end, so that tests share a store in peace. */
  public Person person(String name, String... groups) {
    String user = name.toLowerCase(Locale.ROOT) + "-" + Ids.next().substring(0, 8);
    seed.person(new Seed.Settled(user, name, PASSWORD, Set.of(groups), SEED));
    return people.list().stream()
        .filter(person -> person.user().equals(user))
        .findFirst()
        .orElseThrow();
  }

  /** The person as a page session of this test; the session exists for proofs, not in a browser. */
  public Caller caller(Person person) {
    Person now = people.mustBe(person.id());
    return new Caller(
        now.id(),
        now.name(),
        now.groups(),
        new Session(Session.Kind.PAGE, Ids.next()),
        Set.of(Scope.values()),
        "127.0.0.1");
  }

  /** A passkey of the person, settled like everything here. */
  public VirtualPasskey passkey(Person person) {
    VirtualPasskey key = VirtualPasskey.ofTheDefaultSite();
    Caller caller = caller(person);
    Enrolment.Creation creation = enrolment.startPasskey(caller, person.user());
    Enrolment.NewPasskey made =
        new Enrolment.NewPasskey(creation.nonce(), key.make(creation.publicKeyJson()), "Key");
    QuarkusTransaction.requiringNew()
        .run(() -> enrolment.addPasskey(caller, person.user(), made, null));
    return key;
  }

  /** What an app with this seed shows now. */
  public String codeOf(String base32) {
    return code(new Base32().decode(base32));
  }

  /** A code that works now, even if one was used a moment ago. */
  public String code(Person person) {
    run("update totp set last_step = -1 where person = ?", person.id());
    return codeNow();
  }

  public Offered offeredCode(Person person) {
    return Offered.code(code(person));
  }

  /** What the authenticator app shows now; refused when it was used before. */
  public String codeNow() {
    return code(SEED_BYTES);
  }

  private String code(byte[] secret) {
    try {
      return new TimeBasedOneTimePasswordGenerator()
          .generateOneTimePasswordString(new SecretKeySpec(secret, "RAW"), clocks.storeTime());
    } catch (InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A personal token with these scopes, all of them when none is named. */
  public String token(Person person, Scope... scopes) {
    String secret = "curfew_" + Hashes.secret();
    String words =
        Arrays.stream(scopes.length == 0 ? Scope.values() : scopes)
            .map(scope -> scope.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" "));
    run(
        "insert into personal_token (id, secret_hash, person, name, scopes, created_at, until)"
            + " values (?, ?, ?, 'test', ?, ?, ?)",
        Ids.next(),
        Hashes.sha256(secret),
        person.id(),
        words,
        at(Duration.ZERO),
        at(Duration.ofDays(1)));
    return secret;
  }

  /** Runs one statement in the store. */
  public void run(String sql, Object... values) {
    try (Connection connection = store.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private OffsetDateTime at(Duration fromNow) {
    return clocks.now().plus(fromNow).atOffset(ZoneOffset.UTC);
  }
}
