package dev.curfew.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
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

  /** A file that is always there, by which the others are found. */
  private static final String KNOWN = "connectors/postgresql/pack.yaml";

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
      String known = Shipped.class.getResource("/" + ROOT + "/" + KNOWN).toString();
      String root = known.substring(0, known.length() - KNOWN.length());
      if (root.startsWith("jar:")) {
        Path jar = Path.of(URI.create(root.substring("jar:".length(), root.indexOf("!/"))));
        try (FileSystem content = FileSystems.newFileSystem(jar)) {
          copyAll(content.getPath(ROOT, folder), into);
        }
      } else {
        copyAll(Path.of(URI.create(root)).resolve(folder), into);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(into + " cannot be written: " + e.getMessage(), e);
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
