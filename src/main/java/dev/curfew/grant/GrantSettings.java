package dev.curfew.grant;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the queue of grants is worked. All nodes of an installation should have the same. */
@ConfigMapping(prefix = "curfew.grant")
public interface GrantSettings {

  /**
   * Whether this node does what is due at the targets. A node that only answers people sets false.
   */
  @WithDefault("true")
  boolean work();

  /** Calls to targets at once on this node. Half of them are kept for revocations. */
  @WithDefault("16")
  int workers();

  /**
   * Calls at once to one target, over all nodes. Half of them are kept for revocations. A quarter
   * of the workers, so that several targets that hang leave hands for the others.
   */
  @WithDefault("4")
  int perTarget();

  /** How often the queue is looked at. */
  @WithDefault("250ms")
  Duration poll();

  /** How long a worker that died holds up its grant. */
  @WithDefault("15s")
  Duration lease();

  /** How often a worker renews its leases; well below {@link #lease()}. */
  @WithDefault("5s")
  Duration heartbeat();

  /** How long a provision or a revocation may take. */
  @WithDefault("30s")
  Duration callLimit();

  /** How long the look after a revocation may take. */
  @WithDefault("10s")
  Duration verifyLimit();

  /**
   * How long the making of a secret may take; below {@link #lease()}, which is not renewed here.
   */
  @WithDefault("10s")
  Duration issueLimit();

  /** The longest wait between two tries. The wait doubles from 2 s on, 20 % more or less. */
  @WithDefault("60s")
  Duration retryMost();

  /** How often a target that did not answer is looked at, to wake all that waits for it. */
  @WithDefault("5s")
  Duration probe();

  /** After so many calls in a row a revocation counts as stuck. It is tried on for ever. */
  @WithDefault("5")
  int stuckAttempts();

  /** After this time a revocation counts as stuck. It is tried on for ever. */
  @WithDefault("60s")
  Duration stuckAfter();

  /** How long something of ours that nobody here knows is left alone before it is taken away. */
  @WithDefault("10m")
  Duration orphanGrace();

  /** How often the targets are held against the store, by one node of the cluster. */
  @WithDefault("60s")
  Duration reconcileEvery();

  /** How long the reconciliation of one target may take. */
  @WithDefault("30s")
  Duration reconcileLimit();

  /** How long a stopping node waits for the calls it has under way. */
  @WithDefault("20s")
  Duration drain();

  /** A node that has not read its store's clock for this long hands out nothing. */
  @WithDefault("30s")
  Duration storeSilence();

  /**
   * Above this difference of the clocks (this machine's and the store's, or the store's and the
   * time it had before) no new access is given. Taking away goes on.
   */
  @WithDefault("30s")
  Duration clockSkew();
}
