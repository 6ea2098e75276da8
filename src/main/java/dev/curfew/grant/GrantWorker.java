package dev.curfew.grant;

import jakarta.enterprise.context.ApplicationScoped;

/** Does what is due at the targets: one loop on each node, all nodes on the same queue. */
@ApplicationScoped
public class GrantWorker {

  /** From now on this node only revokes; called by boot while the configuration is wrong. */
  public void revokeOnly(boolean on) {
    throw new UnsupportedOperationException();
  }
}
