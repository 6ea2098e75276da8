package dev.curfew.mfa;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The file with the 256-bit key that seeds are sealed with: base64, for its owner alone. */
final class SeedKeyFile {

  /** The shell command that makes one. */
  static final String MEND =
      "; make one by: (umask 077; head -c 32 /dev/urandom | base64 > seed-key)";

  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SeedKeyFile() {}

  /**
   * @throws IllegalArgumentException with what is wrong and the mend
   */
  static byte[] read(Path file) {
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw new IllegalArgumentException(
            file + " can be read by everybody on this host; chmod 600 it");
      }
      return decoded(file, Files.readString(file).strip());
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + " does not exist" + MEND, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static byte[] decoded(Path file, String text) {
    if (!text.matches("[A-Za-z0-9+/]{43}=")) {
      throw new IllegalArgumentException(file + " does not hold 32 bytes in base64" + MEND);
    }
    return Base64.getDecoder().decode(text);
  }

  /** Makes the file, 0600 and whole or not at all, unless it is there. */
  static void make(Path file) {
    if (Files.exists(file)) {
      return;
    }
    byte[] key = new byte[BYTES];
    RANDOM.nextBytes(key);
    Path folder = file.toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
      Path made =
          Files.createTempFile(
              folder,
              file.getFileName() + "-",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(made, Base64.getEncoder().encodeToString(key) + "\n");
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
