package dev.curfew.catalog;

import jakarta.enterprise.context.ApplicationScoped;

/** Who this broker is, in every mark it leaves at a target. */
@ApplicationScoped
public class Installation {

  /** The random id made with the store: another store is another installation. */
  public String id() {
    throw new UnsupportedOperationException();
  }

  /** This broker's id from the configuration, {@code [a-z0-9]{1,2}}. */
  public String broker() {
    throw new UnsupportedOperationException();
  }
}
