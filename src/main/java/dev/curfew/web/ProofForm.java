package dev.curfew.web;

import dev.curfew.mfa.Offered;
import org.jboss.resteasy.reactive.RestForm;

/** The proof's fields in a page's form; a bean parameter of every page act that asks for one. */
public class ProofForm {

  @RestForm("proof_nonce")
  String nonce;

  @RestForm("proof_assertion")
  String assertion;

  @RestForm("proof_code")
  String code;

  @RestForm("proof_recent")
  Boolean recent;

  public Offered offered() {
    return new Offered(nonce, assertion, code, recent);
  }
}
