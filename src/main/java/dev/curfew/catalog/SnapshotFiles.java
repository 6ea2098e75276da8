package dev.curfew.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files a snapshot is made of: {@code pack.yaml} of each folder right below a named one, and
 * each {@code *.yaml} right in it, which holds rules. Nothing else is read, so nothing else counts
 * in the digest.
 *
 * @param texts by name: the last part of the named folder, then the path below it
 */
public record SnapshotFiles(SortedMap<String, String> texts) {

  /** A folder with more is not a folder of packs. */
  private static final int MOST = 500;

  private static final String PACK = "pack.yaml";

  public SnapshotFiles {
    texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
  }

  /** Reads the folders and notes what cannot be read. */
  public static SnapshotFiles read(Collection<Path> folders, List<Problem> problems) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (Path folder : folders) {
      Path absolute = folder.toAbsolutePath().normalize();
      try (Stream<Path> below = Files.list(absolute)) {
        for (Path each : below.sorted().toList()) {
          take(absolute.getFileName().toString(), each, texts, problems);
        }
      } catch (IOException e) {
        problems.add(
            new Problem(folder.toString(), 0, "cannot be read", "name a folder that exists"));
      }
    }
    if (texts.size() > MOST) {
      problems.add(
          new Problem(folders.toString(), 0, "hold " + texts.size() + " files", "at most " + MOST));
    }
    return new SnapshotFiles(texts);
  }

  private static void take(
      String folder, Path path, Map<String, String> texts, List<Problem> problems) {
    String name = path.getFileName().toString();
    if (name.startsWith(".")) {
      return;
    }
    if (Files.isDirectory(path)) {
      Path pack = path.resolve(PACK);
      if (Files.exists(pack, LinkOption.NOFOLLOW_LINKS)) {
        put(folder + "/" + name + "/" + PACK, pack, texts, problems);
      }
    } else if (name.endsWith(".yaml")) {
      put(folder + "/" + name, path, texts, problems);
    } else if (name.endsWith(".yml")) {
      problems.add(new Problem(folder + "/" + name, 0, "would not be read", "name it `….yaml`"));
    }
  }

  private static void put(
      String name, Path file, Map<String, String> texts, List<Problem> problems) {
    try {
      if (Files.size(file) > 4L * YamlFile.LONGEST) {
        problems.add(new Problem(name, 0, "is too long", "split it"));
        return;
      }
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
      if (text.indexOf('\0') >= 0) {
        problems.add(new Problem(name, 0, "holds a NUL", "write plain UTF-8 text"));
      } else if (texts.putIfAbsent(name, text) != null) {
        problems.add(
            new Problem(
                name, 0, "is there in two folders of the same name", "rename one of the folders"));
      }
    } catch (CharacterCodingException e) {
      problems.add(new Problem(name, 0, "is not UTF-8", "save it as UTF-8"));
    } catch (IOException e) {
      problems.add(new Problem(name, 0, "cannot be read", "let the broker's user read it"));
    }
  }

  Stream<Map.Entry<String, String>> packs() {
    return texts.entrySet().stream().filter(file -> isPack(file.getKey()));
  }

  List<RuleFile> rules() {
    return texts.entrySet().stream()
        .filter(file -> !isPack(file.getKey()))
        .map(file -> new RuleFile(file.getKey(), file.getValue()))
        .toList();
  }

  private static boolean isPack(String name) {
    return name.endsWith("/" + PACK);
  }

  /** SHA-256 over names and texts in the order of the names, lengths first; lower-case hex. */
  public String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      texts.forEach(
          (name, text) -> {
            part(sha, name);
            part(sha, text);
          });
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void part(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    sha.update(bytes);
  }
}
