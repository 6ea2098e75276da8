package dev.curfew.boot;

import dev.curfew.Ids;
import dev.curfew.account.Seed;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.codec.binary.Base32;

/**
 * The people of the demo, with passwords and code seeds made at its first start and kept in a file
 * that only its owner reads.
 */
final class DemoPeople {

  /** Who plays which part; the user name's first letter is the part's. */
  private record Part(String user, String name, String may, Set<String> groups) {}

  /** One of them, ready to sign in. */
  record Player(Seed.Settled settled, String may) {

    String otpauth() {
      return "otpauth://totp/Curfew:"
          + settled.user()
          + "?secret="
          + settled.totpSecret()
          + "&issuer=Curfew";
    }
  }

  private static final List<Part> PARTS =
      List.of(
          new Part("erin", "Erin Engineer", "asks for access", Set.of("engineering")),
          new Part("ann", "Ann Approver", "approves", Set.of("dba-oncall", "engineering")),
          new Part("abe", "Abe Approver", "approves", Set.of("dba-oncall", "engineering")),
          new Part("uma", "Uma Auditor", "reads the history", Set.of("auditors")),
          new Part("ada", "Ada Administrator", "administers", Set.of("administrators")));

  private DemoPeople() {}

  static List<Player> in(Path data) {
    Path file = data.resolve("demo-people.properties");
    if (!Files.exists(file)) {
      PrivateFile.write(file, fresh());
    }
    Properties known = new Properties();
    try {
      known.load(new StringReader(PrivateFile.read(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Player> players = new ArrayList<>();
    for (Part part : PARTS) {
      players.add(
          new Player(
              new Seed.Settled(
                  part.user(),
                  part.name(),
                  known.getProperty(part.user() + ".password"),
                  part.groups(),
                  known.getProperty(part.user() + ".totp")),
              part.may()));
    }
    return players;
  }

  /** Their user names and names, for a query. */
  static String sqlPairs() {
    return PARTS.stream()
        .map(part -> "('" + part.user() + "', '" + part.name() + "')")
        .collect(Collectors.joining(", "));
  }

  private static String fresh() {
    SecureRandom random = new SecureRandom();
    StringBuilder text = new StringBuilder("# passwords and code seeds of the demo's people\n");
    for (Part part : PARTS) {
      byte[] seed = new byte[20];
      random.nextBytes(seed);
      text.append(part.user()).append(".password=").append(password()).append('\n');
      text.append(part.user()).append(".totp=");
      text.append(new Base32().encodeToString(seed)).append('\n');
    }
    return text.toString();
  }

  /** 60 random bits in a form that can be typed. */
  private static String password() {
    String id = Ids.next();
    return id.substring(0, 4) + "-" + id.substring(4, 8) + "-" + id.substring(8, 12);
  }
}
