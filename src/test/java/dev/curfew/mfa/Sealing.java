package dev.curfew.mfa;

import java.nio.file.Path;
import java.util.Optional;

/** Seals seeds for people that a test writes straight into a store, as the broker would. */
public final class Sealing {

  private final Seeds seeds;

  public Sealing(Path keyFile) {
    SeedKeyFile.make(keyFile);
    seeds =
        new Seeds(
            new MfaConfig() {
              @Override
              public boolean adminAcceptCode() {
                return false;
              }

              @Override
              public Optional<Path> seedKeyFile() {
                return Optional.of(keyFile);
              }
            },
            "target");
  }

  public String seal(String person, String base32) {
    return seeds.seal(person, base32);
  }
}
