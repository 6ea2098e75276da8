package dev.curfew.connector.sql;

import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Target;
import dev.curfew.connector.Witness;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The witness, kept where any DBA can read it: in the comment of a role that does nothing else. */
final class Witnesses {

  private static final String WORD = "([A-Za-z0-9._-]{1,100})";
  private static final Pattern FORM =
      Pattern.compile(
          "\\{\"curfew\":1,\"witness\":1,\"installation\":\"%s\",\"generation\":([0-9]{1,18}),\"n\":([0-9]{1,18}),\"entry\":\"([A-Za-z0-9._-]{0,100})\"}"
              .formatted(WORD));

  private final SqlPack pack;
  private final Driver driver;

  Witnesses(SqlPack pack, Driver driver) {
    this.pack = pack;
    this.driver = driver;
  }

  Optional<Witness> read(Target target, String broker, Limits limits) {
    Server server = Server.of(target);
    try (Session session = driver.open(server, limits)) {
      return read(session, primary(session, server), broker);
    } catch (SqlFailure e) {
      throw e.asException();
    }
  }

  static Optional<Witness> read(Session session, Sight sight, String broker) {
    List<String> comments =
        session.lines(sight.statements().query(Verb.READ_WITNESS), values(broker, ""));
    return comments.stream().findFirst().flatMap(Witnesses::read);
  }

  void write(Target target, String broker, Witness witness, Limits limits) {
    Server server = Server.of(target);
    try (Session session = driver.open(server, limits)) {
      Sight sight = primary(session, server);
      session.change(sight.statements().changes(Verb.WRITE_WITNESS), values(broker, text(witness)));
    } catch (SqlFailure e) {
      throw e.asException();
    }
  }

  private Sight primary(Session session, Server server) {
    Sight sight = Sight.of(session, pack, server).meant(server);
    if (!sight.takesWrites()) {
      throw new ConnectorException(
          server.target() + " is a standby or in recovery; Curfew needs the primary", false);
    }
    return sight;
  }

  private static Map<String, String> values(String broker, String text) {
    return Map.of(Values.WITNESS, Names.witness(broker), Values.MARK, text);
  }

  static String text(Witness witness) {
    String text =
        "{\"curfew\":1,\"witness\":1,\"installation\":\"%s\",\"generation\":%d,\"n\":%d,\"entry\":\"%s\"}"
            .formatted(witness.installation(), witness.generation(), witness.n(), witness.entry());
    if (read(text).isEmpty()) {
      throw new IllegalArgumentException("installation and entry are plain words: " + witness);
    }
    return text;
  }

  /** Empty when it is not ours to the letter. */
  static Optional<Witness> read(String comment) {
    Matcher form = FORM.matcher(comment == null ? "" : comment);
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Witness(
              form.group(1),
              Long.parseLong(form.group(2)),
              Long.parseLong(form.group(3)),
              form.group(4)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
