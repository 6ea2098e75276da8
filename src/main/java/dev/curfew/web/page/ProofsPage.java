package dev.curfew.web.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.curfew.CurfewException;
import dev.curfew.account.SignInFlow;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.Proofs;
import dev.curfew.web.ChallengeAnswer;
import dev.curfew.web.CurrentCaller;
import dev.curfew.web.Public;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.RestForm;

/** Where a page's script gets the challenge for an act; {@code body} is JSON in a form field. */
@Path("/proofs")
public class ProofsPage {

  private final Proofs proofs;
  private final CurrentCaller current;
  private final ObjectMapper json;

  ProofsPage(Proofs proofs, CurrentCaller current, ObjectMapper json) {
    this.proofs = proofs;
    this.current = current;
    this.json = json;
  }

  /** Half-way in, a challenge is given for the second factor alone. */
  @POST
  @Public
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.APPLICATION_JSON)
  public ChallengeAnswer challenge(@RestForm String act, @RestForm String body) {
    Act wanted = Act.of(act, parsed(body));
    Caller caller =
        wanted.equals(SignInFlow.SIGN_IN) ? current.halfWay().caller() : current.caller();
    return ChallengeAnswer.of(proofs.challenge(caller, wanted));
  }

  private Map<String, Object> parsed(String body) {
    try {
      return body == null || body.isBlank()
          ? Map.of()
          : json.readValue(body, new TypeReference<Map<String, Object>>() {});
    } catch (JsonProcessingException e) {
      throw CurfewException.invalid("body", "the act's body is a JSON object").causedBy(e);
    }
  }
}
