package dev.curfew.catalog;

import java.util.Locale;

/** How much an entitlement can change, the lowest first. */
public enum Level {
  READ,
  WRITE,
  OWNER;

  /** As written in packs and facts, for example {@code read}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
