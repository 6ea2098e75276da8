package dev.curfew.grant;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a grant stands. The legal moves stand here and, so that no other writer can break them, in
 * the table {@code grant_transition}.
 */
public enum GrantState {
  /** Decided; no call has reached the target. */
  PLANNED,
  /** A call to the target is under way, or one of unknown fate was made. */
  PROVISIONING,
  /** It stands at the target, and can be picked up. */
  ACTIVE,
  /** Its end is decided; the target is being told. */
  REVOKING,
  /** The end could not be proven in time; it is tried for ever. */
  STUCK,
  /** A read-only look proved it gone, or a person attested it. */
  ENDED,
  /** Ended before any call reached the target: there is nothing to prove. */
  CANCELLED;

  /** Whether nothing more is to happen, unless a sweep finds it alive again. */
  public boolean isFinal() {
    return this == ENDED || this == CANCELLED;
  }

  /** Whether its end is decided and not yet proven. */
  public boolean isEnding() {
    return this == REVOKING || this == STUCK;
  }

  /** Whether it may move to {@code next}. Staying is no move. */
  public boolean mayBecome(GrantState next) {
    return next().contains(next);
  }

  private Set<GrantState> next() {
    return switch (this) {
      case PLANNED -> EnumSet.of(PROVISIONING, CANCELLED);
      case PROVISIONING -> EnumSet.of(PLANNED, ACTIVE, REVOKING);
      case ACTIVE -> EnumSet.of(REVOKING);
      case REVOKING -> EnumSet.of(STUCK, ENDED);
      case STUCK -> EnumSet.of(ENDED);
      case ENDED, CANCELLED -> EnumSet.of(REVOKING);
    };
  }
}
