package dev.curfew.connector;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Gives and takes away access at one kind of target.
 *
 * <p>Where servers of a kind say who they are, a target and the handles planned from it carry the
 * one that is pinned for it. What answers in its place is asked for nothing and proves nothing.
 *
 * <p>Every call may come twice, late, or after the process that made it died: provisioning twice is
 * once, revoking twice is done, revoking what never was is done, and once {@link Step#BLOCK} is
 * recorded a late {@link #issue} opens nothing. Every call keeps its {@link Limits}. Nothing made
 * may lack our {@link Mark}, and no secret may reach a handle, a receipt, a log or an exception.
 */
public interface Connector {

  /** The name used in packs and logs; no code switches on it. */
  String kind();

  /** What this connector can promise at best; shown to the approver. */
  Profile profile();

  /**
   * Can the target be reached, may the broker act there, and what is dangerous? Changes nothing.
   * Never throws: what stops it is a finding.
   */
  Checked check(Target target, Limits limits);

  /**
   * What the entitlement gives, read from the target.
   *
   * @throws ConnectorException when the target does not answer
   */
  Described describe(Target target, Entitlement entitlement, Limits limits);

  /** Pure: the handle and the effects in words, which is what the approver reads. */
  Plan plan(Ask ask);

  /**
   * Makes the access without a secret. {@code until} is when the grant is over unless it is picked
   * up; the target's own expiry is set a little later than that.
   */
  Outcome provision(Plan plan, Instant until, Limits limits);

  /** Looks and changes nothing. What cannot be ruled out is {@link Presence#UNKNOWN}. */
  Verdict verify(Handle handle, Receipt receipt, Limits limits);

  /**
   * Makes a new secret, valid to {@code until} at most; any earlier one is void.
   *
   * @throws ConnectorException when the target does not answer or there is nothing to open
   */
  Secret issue(Handle handle, Instant until, Limits limits);

  /**
   * Takes the access away: BLOCK, KILL, CLEAN, reported to {@code progress} one by one. A step
   * whose report answers false stops the call (somebody else took over). VERIFY is {@link #verify},
   * called after it. Absent is {@link Outcome.Done}. Who would only wait, as before a second look
   * for sessions, or must have something on record first, answers {@link Outcome.Later} and is
   * called again with that receipt.
   */
  Outcome revoke(Handle handle, Receipt receipt, Progress progress, Limits limits);

  /**
   * The handle as it is looked for today. What is frozen in it counts where the pack is gone or is
   * of another server.
   *
   * @param target as the accepted pack has it, with the server that is pinned for it
   */
  default Handle today(Handle handle, Target target) {
    return handle.withStandbysOf(target);
  }

  /**
   * Everything at the target, if the server pinned for it answers, that has the name this broker
   * gives, blocked ones too. What lacks a readable mark is among it and not ours to touch. To be
   * closed by the caller.
   *
   * @param broker this broker's id
   * @throws ConnectorException when the target does not answer
   */
  Stream<Found> sweep(Target target, String broker, Limits limits);

  /** Whether targets of this kind can remember a {@link Witness} of the broker's store. */
  default boolean keepsWitness() {
    return false;
  }

  /**
   * What the server pinned for the target remembers; empty when it remembers nothing that can be
   * read. A sweep never finds it.
   *
   * @throws ConnectorException when the target does not answer
   */
  default Optional<Witness> witness(Target target, String broker, Limits limits) {
    return Optional.empty();
  }

  /**
   * Has the server pinned for the target remember this in place of what it did. No grantee can
   * change it.
   *
   * @throws ConnectorException when the target does not answer, or keeps none
   */
  default void witness(Target target, String broker, Witness witness, Limits limits) {
    throw new ConnectorException(target.id() + " cannot keep a witness", false);
  }
}
