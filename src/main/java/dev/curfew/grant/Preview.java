package dev.curfew.grant;

import dev.curfew.catalog.Catalog;
import dev.curfew.connector.Ask;
import dev.curfew.connector.Connector;
import dev.curfew.connector.Connectors;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Plan;
import dev.curfew.connector.Profile;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.erdtman.jcs.JsonCanonicalizer;

/** What a grant would do, before there is one. Pure: no target is called. */
@ApplicationScoped
public class Preview {

  private final Catalog catalog;
  private final Connectors connectors;

  Preview(Catalog catalog, Connectors connectors) {
    this.catalog = catalog;
    this.connectors = connectors;
  }

  /**
   * @param grantId reserved by the caller, so that the names shown are the names made
   * @throws dev.curfew.CurfewException NOT_FOUND when there is no such entitlement
   */
  public Effects of(String entitlement, String grantId, Duration window) {
    Ask ask = catalog.ask(entitlement, grantId);
    Connector connector = connectors.of(ask.target().kind());
    return effects(connector.plan(ask), connector.profile(), window);
  }

  static Effects effects(Plan plan, Profile profile, Duration window) {
    List<String> lines = new ArrayList<>(plan.effects());
    lines.add(
        "Ends " + words(window) + " after the first pick-up, or when it is given back or revoked.");
    return new Effects(
        lines,
        hash(plan.handle(), profile, lines),
        Json.of(plan.handle()),
        profile.guarantee().name(),
        profile.maxResidual(),
        profile.residual());
  }

  /**
   * Over all that a reader relies on. The snapshot's digest is not part of it: packs may change as
   * long as what this grant gives does not.
   */
  private static String hash(Handle handle, Profile profile, List<String> lines) {
    Map<String, String> facts = new TreeMap<>(handle.facts());
    facts.remove("snapshot");
    String json =
        Json.of(
            Map.of(
                "kind", handle.kind(),
                "grant", handle.grant(),
                "facts", facts,
                "lines", lines,
                "guarantee", profile.guarantee().name(),
                "residual", profile.residual()));
    try {
      byte[] canonical = new JsonCanonicalizer(json).getEncodedUTF8();
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String words(Duration window) {
    long minutes = window.toMinutes();
    if (window.toSecondsPart() != 0 || minutes == 0) {
      return window.toSeconds() + " seconds";
    }
    return minutes == 1 ? "1 minute" : minutes + " minutes";
  }
}
