package dev.curfew.connector;

/**
 * What a target remembers of the broker's store, so that a store that went back is known by it.
 *
 * @param installation the random id made with the store
 * @param generation how often a quarantine was ended; a store never has a lower one than before
 * @param n the number of an entry of the history
 * @param entry the id of the entry with that number; empty while there is none
 */
public record Witness(String installation, long generation, long n, String entry) {

  public Witness {
    if (installation.isBlank() || generation < 1 || n < 0 || (n == 0) != entry.isEmpty()) {
      throw new IllegalArgumentException(
          "no witness: " + installation + " " + generation + " " + n);
    }
  }
}
