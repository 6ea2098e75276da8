package dev.curfew.connector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The references that work everywhere: {@code env:CURFEW_SECRET_NAME}, an environment variable with
 * that prefix and no other, and {@code file:name}, a file right under one folder. Links are not
 * followed: a file in a pack must not be able to name another file of this machine.
 */
public final class SecretReferences implements Secrets {

  private static final Pattern ENV = Pattern.compile("env:(CURFEW_SECRET_[A-Z0-9_]{1,100})");
  private static final Pattern FILE = Pattern.compile("file:([A-Za-z0-9_-][A-Za-z0-9._-]{0,99})");
  private static final int LONGEST = 4_096;

  private final Function<String, String> environment;
  private final Optional<Path> folder;

  /**
   * @param environment reads an environment variable, null when it is not set
   * @param folder where secret files are, empty when there is no such folder
   */
  public SecretReferences(Function<String, String> environment, Optional<Path> folder) {
    this.environment = environment;
    this.folder = folder;
  }

  /** What is wrong with the form of the reference; says nothing about what it names. */
  public static Optional<String> problem(String reference) {
    boolean known =
        reference != null
            && (ENV.matcher(reference).matches() || FILE.matcher(reference).matches());
    return known
        ? Optional.empty()
        : Optional.of("a secret is named as env:CURFEW_SECRET_… or file:… and never written out");
  }

  @Override
  public char[] read(String reference) {
    problem(reference)
        .ifPresent(
            why -> {
              throw new ConnectorException(why, false);
            });
    char[] secret = reference.startsWith("env:") ? fromEnvironment(reference) : fromFile(reference);
    if (secret.length == 0) {
      throw missing(reference, "is empty");
    }
    return secret;
  }

  private char[] fromEnvironment(String reference) {
    String value = environment.apply(reference.substring("env:".length()));
    if (value == null) {
      throw missing(reference, "is not set on this host");
    }
    return value.toCharArray();
  }

  private char[] fromFile(String reference) {
    Path file =
        folder
            .orElseThrow(() -> missing(reference, "needs curfew.secrets.dir to be set"))
            .resolve(reference.substring("file:".length()));
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw missing(reference, "is no regular file in the secrets folder");
    }
    try {
      if (Files.size(file) > LONGEST) {
        throw missing(reference, "is too long for a secret");
      }
      return withoutLineEnd(Files.readAllBytes(file));
    } catch (IOException e) {
      throw missing(reference, "cannot be read");
    }
  }

  private static char[] withoutLineEnd(byte[] bytes) {
    CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
    int length = text.length();
    while (length > 0 && (text.charAt(length - 1) == '\n' || text.charAt(length - 1) == '\r')) {
      length--;
    }
    char[] secret = new char[length];
    text.get(secret);
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(text.array(), '\0');
    return secret;
  }

  private static ConnectorException missing(String reference, String what) {
    return new ConnectorException("the secret " + reference + " " + what, false);
  }
}
