package dev.curfew.catalog;

import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Packs and rules as one value with one digest. All nodes decide by the accepted one, which is kept
 * in the store with its full text; a node's own files are only a proposal.
 */
@ApplicationScoped
public class Snapshots {

  public Optional<SnapshotView> accepted() {
    throw new UnsupportedOperationException();
  }

  /** What was accepted, newest first. */
  public List<SnapshotView> history() {
    throw new UnsupportedOperationException();
  }

  /** Sound snapshots of nodes' files that are not the accepted one. */
  public List<SnapshotView> proposals() {
    throw new UnsupportedOperationException();
  }

  /** What is wrong with this node's files now; the last good snapshot stays in force. */
  public List<Problem> problems() {
    throw new UnsupportedOperationException();
  }

  /**
   * What accepting the snapshot would change against the accepted one.
   *
   * @throws dev.curfew.CurfewException {@code NOT_FOUND}
   */
  public List<Change> diff(String digest) {
    throw new UnsupportedOperationException();
  }

  /** Entitlements whose pack, or any rule covering them, the snapshot changes. */
  public List<String> touched(String digest) {
    throw new UnsupportedOperationException();
  }

  /**
   * Accepts a proposal, or goes back to what was accepted before. Joins the caller's transaction
   * and writes the entry; the proof and who may do it are the caller's to check.
   *
   * @throws dev.curfew.CurfewException {@code NOT_FOUND}, or {@code WRONG_STATE} when it is the
   *     accepted one already
   */
  public void accept(Caller by, String digest, String proofWords) {
    throw new UnsupportedOperationException();
  }
}
