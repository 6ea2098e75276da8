package dev.curfew.grant;

import dev.curfew.connector.Handle;
import dev.curfew.connector.Receipt;

/** A target that could not be reached, and something to look for there. */
record Waiting(String target, Handle handle, Receipt receipt) {}
