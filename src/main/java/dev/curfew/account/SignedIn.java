package dev.curfew.account;

import dev.curfew.identity.Caller;

/**
 * Who a cookie or a bearer stands for, at this call.
 *
 * @param caller below {@link Level#FULL} without groups and scopes: nobody's flow takes it for more
 * @param user the sign-in name
 */
public record SignedIn(Caller caller, String user, Level level) {

  public boolean isFull() {
    return level == Level.FULL;
  }
}
