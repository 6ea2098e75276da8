package dev.curfew.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** A file that only its owner reads (0600), written whole or not at all. */
final class PrivateFile {

  private static final SecureRandom RANDOM = new SecureRandom();

  private PrivateFile() {}

  /** Replaces what was there. */
  static void write(Path file, String content) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path made =
          Files.createTempFile(
              file.toAbsolutePath().getParent(),
              file.getFileName() + "-",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(made, content);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The random secret in the file; made at the first call. 192 bits in 32 characters. */
  static String secret(Path file) {
    if (!Files.exists(file)) {
      byte[] bits = new byte[24];
      RANDOM.nextBytes(bits);
      write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }
    return read(file);
  }
}
