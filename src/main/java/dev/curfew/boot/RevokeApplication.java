package dev.curfew.boot;

import dev.curfew.CurfewException;
import dev.curfew.account.People;
import dev.curfew.account.Person;
import dev.curfew.grant.EndReason;
import dev.curfew.grant.GrantFlow;
import dev.curfew.identity.Caller;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.context.control.ActivateRequestContext;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The work of {@code revoke}, by the same flows and with the same entries as at the doors. */
public class RevokeApplication implements QuarkusApplication {

  /** Set while this runs instead of the broker: no start checks, no set-up. */
  static final String RUNS = "curfew.command.revoke";

  private final GrantFlow grants;
  private final People people;

  RevokeApplication(GrantFlow grants, People people) {
    this.grants = grants;
    this.people = people;
  }

  @Override
  @ActivateRequestContext
  public int run(String... args) throws UnknownHostException {
    String host = InetAddress.getLocalHost().getHostName();
    Caller operator = Caller.operator(host);
    String id = args[1];
    String note = args[2].isEmpty() ? null : args[2];
    try {
      switch (RevokeCommand.What.valueOf(args[0])) {
        case grant -> {
          grants.end(operator, id, EndReason.REVOKED, note);
          System.out.println("grant " + id + " ends now");
        }
        case person -> {
          Person person = person(id);
          int count = grants.endAllOf(operator, person.id(), EndReason.REVOKED, note);
          System.out.println(count + " of " + person.name() + " end now");
        }
        case all ->
            System.out.println(grants.endAll(operator, EndReason.REVOKED, note) + " end now");
      }
      return 0;
    } catch (CurfewException e) {
      System.err.println("curfew: " + e.getMessage());
      return Serve.FAILED;
    }
  }

  private Person person(String idOrUser) {
    return people.list().stream()
        .filter(person -> person.id().equals(idOrUser) || idOrUser.equals(person.user()))
        .findFirst()
        .orElseThrow(() -> CurfewException.notFound("person"));
  }
}
