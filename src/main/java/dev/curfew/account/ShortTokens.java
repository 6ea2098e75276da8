package dev.curfew.account;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Site;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;

/**
 * The JWT of ten minutes that a personal token is traded for: ES256 and nothing else. Its {@code
 * sid} is the token's id, and that token is looked up at every call: ending it ends this too.
 */
@ApplicationScoped
public class ShortTokens {

  private static final String AUDIENCE = "curfew-api";
  private static final Duration LIFE = Duration.ofMinutes(10);

  /** A signed token and when it ends. */
  public record Short(String token, Instant until) {

    @Override
    public String toString() {
      return "Short[redacted]";
    }
  }

  private final Tokens tokens;
  private final Site site;
  private final Clocks clocks;
  private final EllipticCurveJsonWebKey key;

  ShortTokens(Tokens tokens, Site site, Clocks clocks, AccountConfig config) {
    this.tokens = tokens;
    this.site = site;
    this.clocks = clocks;
    this.key = config.keyFile().map(SigningKey::read).orElseGet(SigningKey::fresh);
  }

  /**
   * @param bearer what the caller came with
   * @throws CurfewException NOT_ALLOWED when that is no personal token: a JWT must not renew itself
   */
  public Short trade(Caller caller, String bearer) {
    if (bearer == null || !bearer.startsWith(Tokens.PREFIX)) {
      throw new CurfewException(Fault.NOT_ALLOWED, "send a personal token as the bearer");
    }
    Instant until = clocks.now().plus(LIFE);
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(site.origin());
    claims.setAudience(AUDIENCE);
    claims.setSubject(caller.person());
    claims.setClaim("sid", caller.session().id());
    claims.setJwtId(Ids.next());
    claims.setIssuedAt(seconds(clocks.now()));
    claims.setExpirationTime(seconds(until));
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKey(key.getPrivateKey());
    signature.setKeyIdHeaderValue(key.getKeyId());
    signature.setHeader("typ", "JWT");
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    try {
      return new Short(signature.getCompactSerialization(), until);
    } catch (JoseException e) {
      throw new IllegalStateException("a token could not be signed", e);
    }
  }

  /** Whom a JWT stands for now; empty when it is not ours, over, or its token has ended. */
  public Optional<SignedIn> find(String jwt, String address) {
    try {
      JwtClaims claims =
          new JwtConsumerBuilder()
              .setJwsAlgorithmConstraints(
                  ConstraintType.PERMIT, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)
              .setVerificationKey(key.getPublicKey())
              .setExpectedIssuer(true, site.origin())
              .setExpectedAudience(true, AUDIENCE)
              .setRequireExpirationTime()
              .setRequireSubject()
              .setEvaluationTime(seconds(clocks.now()))
              .build()
              .processToClaims(jwt);
      String person = claims.getSubject();
      return tokens
          .byId(claims.getClaimValueAsString("sid"), address)
          .filter(found -> found.caller().is(person));
    } catch (InvalidJwtException | MalformedClaimException e) {
      return Optional.empty();
    }
  }

  /** The key set others check our tokens by. */
  public String keySet() {
    return "{\"keys\":[" + SigningKey.publicJson(key) + "]}";
  }

  private static NumericDate seconds(Instant instant) {
    return NumericDate.fromSeconds(instant.getEpochSecond());
  }
}
