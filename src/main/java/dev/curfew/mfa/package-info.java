/**
 * Proofs of a second factor: passkeys, codes from an authenticator app, recovery codes, and the
 * challenge that binds a passkey's signature to exactly one act. Knows persons only by their id.
 */
package dev.curfew.mfa;
