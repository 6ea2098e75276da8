package dev.curfew.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/**
 * Writes entries in the caller's transaction: no move without its entry, no entry without a move.
 */
@ApplicationScoped
public class Audit {

  /**
   * @throws jakarta.transaction.TransactionalException without a transaction of the caller
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void record(Entry entry) {
    throw new UnsupportedOperationException(entry.kind().code());
  }
}
