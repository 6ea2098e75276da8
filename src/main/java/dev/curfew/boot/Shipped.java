package dev.curfew.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The packs, rules and scripts that came with this build. */
final class Shipped {

  private static final String ROOT = "shipped";

  private Shipped() {}

  /** The text of a file, for example {@code connectors/postgresql/setup.sql}. */
  static String text(String path) {
    try (InputStream in = Shipped.class.getResourceAsStream("/" + ROOT + "/" + path)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies everything below the folder, replacing what an earlier build had there. */
  static void copy(String folder, Path into) {
    try {
      PostgresBinaries.delete(into);
      Path home =
          Path.of(Shipped.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(home)) {
        copyAll(home.resolve(ROOT).resolve(folder), into);
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(home)) {
          copyAll(jar.getPath(ROOT, folder), into);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(into + " cannot be written: " + e.getMessage(), e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copyAll(Path from, Path into) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(from)) {
      all = walk.toList();
    }
    for (Path each : all) {
      Path target = into.resolve(from.relativize(each).toString());
      if (Files.isDirectory(each)) {
        Files.createDirectories(target);
      } else {
        Files.copy(each, target);
      }
    }
  }
}
