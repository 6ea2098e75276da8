package dev.curfew.mfa;

import dev.curfew.CurfewException;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an authenticator app would show. */
public final class SeedCode {

  private static final Pattern IN_URI = Pattern.compile("[?&]secret=([^&]*)");
  private static final Pattern BASE32 = Pattern.compile("[A-Z2-7]{16,128}=*");

  private SeedCode() {}

  /**
   * @param text a base32 seed, or an otpauth URI that holds one
   * @throws CurfewException INVALID when it is neither
   */
  public static String at(String text, Instant now) {
    Matcher uri = IN_URI.matcher(text);
    String seed =
        (uri.find() ? uri.group(1) : text).replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    if (!BASE32.matcher(seed).matches()) {
      throw CurfewException.invalid(
          "seed", "a seed is what stands after secret= in an otpauth URI: letters and 2 to 7");
    }
    return Totp.codeAt(seed, now);
  }
}
