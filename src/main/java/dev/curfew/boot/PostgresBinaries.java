package dev.curfew.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The PostgreSQL programs that come inside the jar, unpacked once into a folder of ours. */
public final class PostgresBinaries {

  private static final List<String> RESOURCES =
      List.of(
          "postgres-linux-x86_64.txz", "postgres-linux-arm_64.txz", "postgres-darwin-arm_64.txz");

  private PostgresBinaries() {}

  /**
   * Unpacks the programs below {@code home}, unless they are there from an earlier start.
   *
   * @return the folder that holds {@code initdb}, {@code pg_ctl} and {@code postgres}
   */
  public static Path unpack(Path home) {
    String resource = resource();
    try {
      Path done = home.toAbsolutePath().resolve("programs-" + digest(resource));
      if (!Files.isDirectory(done)) {
        Files.createDirectories(home);
        Path fresh = Files.createTempDirectory(home.toAbsolutePath(), "unpacking-");
        unpack(resource, fresh);
        Files.setPosixFilePermissions(fresh, permissions(0755));
        moveInto(fresh, done);
      }
      return done.resolve("bin");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "PostgreSQL could not be unpacked into " + home + ": " + e.getMessage(), e);
    }
  }

  private static String resource() {
    return RESOURCES.stream()
        .filter(name -> loader().getResource(name) != null)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "this build holds no PostgreSQL for this machine; set"
                        + " quarkus.datasource.jdbc.url to a server of your own"));
  }

  /** Another process may have been faster; what it unpacked is the same. */
  private static void moveInto(Path fresh, Path done) throws IOException {
    try {
      Files.move(fresh, done, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      delete(fresh);
      if (!Files.isDirectory(done)) {
        throw e;
      }
    }
  }

  private static void unpack(String resource, Path into) throws IOException {
    try (InputStream in = open(resource);
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        write(entry, tar, into);
      }
    }
  }

  private static void write(TarArchiveEntry entry, InputStream content, Path into)
      throws IOException {
    Path path = into.resolve(entry.getName()).normalize();
    if (!path.startsWith(into)) {
      throw new IOException("an entry leaves the folder: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else if (entry.isLink()) {
      Files.createLink(path, into.resolve(entry.getLinkName()).normalize());
    } else {
      Files.copy(content, path);
      Files.setPosixFilePermissions(path, permissions(entry.getMode()));
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> all = EnumSet.noneOf(PosixFilePermission.class);
    all.addAll(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    all.addAll(Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ));
    if ((mode & 0100) != 0) {
      all.add(PosixFilePermission.OWNER_EXECUTE);
      all.add(PosixFilePermission.GROUP_EXECUTE);
      all.add(PosixFilePermission.OTHERS_EXECUTE);
    }
    return all;
  }

  private static String digest(String resource) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(open(resource), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest()).substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream open(String resource) {
    return loader().getResourceAsStream(resource);
  }

  private static ClassLoader loader() {
    return PostgresBinaries.class.getClassLoader();
  }

  /** Removes a folder with all it holds; links are removed, not followed. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Whether the folder has nothing in it. */
  static boolean isEmpty(Path folder) throws IOException {
    try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
      return !content.iterator().hasNext();
    }
  }
}
