package dev.curfew.faults;

import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every POST that the product takes, as its classes say: {@code /keys/{key}/remove}. */
final class Posts {

  private static final String API = "/api/v1";
  private static final java.nio.file.Path CLASSES = java.nio.file.Path.of("target/classes");
  private static final java.nio.file.Path SOURCES = java.nio.file.Path.of("src/main/java");

  /** How a route is made beside the annotations. */
  private static final Pattern BY_HAND = Pattern.compile("\\.post\\(\\s*\"(/[^\"]*)\"");

  private Posts() {}

  /** Without what they all begin with. */
  static Set<String> ofTheApi() throws IOException, ReflectiveOperationException {
    return all().stream()
        .filter(path -> path.startsWith(API))
        .map(path -> path.substring(API.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Set<String> ofPages() throws IOException, ReflectiveOperationException {
    return all().stream()
        .filter(Predicate.not(path -> path.startsWith(API)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> all() throws IOException, ReflectiveOperationException {
    Set<String> all = new TreeSet<>();
    for (java.nio.file.Path file : files(CLASSES, ".class")) {
      String name = CLASSES.relativize(file).toString().replace('/', '.');
      Class<?> type =
          Class.forName(
              name.substring(0, name.length() - ".class".length()),
              false,
              Posts.class.getClassLoader());
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(POST.class)) {
          all.add(path(type.getAnnotation(Path.class)) + path(method.getAnnotation(Path.class)));
        }
      }
    }
    for (java.nio.file.Path file : files(SOURCES, ".java")) {
      Matcher route = BY_HAND.matcher(Files.readString(file));
      while (route.find()) {
        all.add(route.group(1));
      }
    }
    return all;
  }

  private static List<java.nio.file.Path> files(java.nio.file.Path folder, String end)
      throws IOException {
    try (Stream<java.nio.file.Path> files = Files.walk(folder.resolve("dev/curfew"))) {
      return files.filter(file -> file.toString().endsWith(end)).toList();
    }
  }

  private static String path(Path part) {
    String text = part == null ? "" : part.value().replaceAll("^/|/$", "");
    return text.isEmpty() ? "" : "/" + text;
  }
}
