package dev.curfew.web.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * docs/alerts.md as a page: at three in the morning nobody should have to look for the repository.
 * Knows what that page uses of Markdown: headings, paragraphs, lists, code, bold, links.
 */
public final class Runbook {

  /** A stretch of text of one kind: {@code text}, {@code code} or {@code strong}. */
  public record Span(String kind, String text) {}

  /** A paragraph; {@code bullet} when it is an entry of a list, numbered or not. */
  public record Block(String bullet, List<Span> spans) {}

  /** A heading and what stands under it; the first part has the page's own title. */
  public record Part(String id, String title, List<Block> blocks) {}

  private Runbook() {}

  static List<Part> parts() {
    return parts(text());
  }

  static List<Part> parts(String markdown) {
    List<Part> parts = new ArrayList<>();
    for (String section : markdown.split("(?m)^##? ")) {
      if (!section.isBlank()) {
        String[] titleAndText = section.split("\n", 2);
        String title = titleAndText[0].strip();
        parts.add(new Part(title.toLowerCase(Locale.ROOT), title, blocks(titleAndText[1])));
      }
    }
    return parts;
  }

  private static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    for (String paragraph : text.strip().split("\n\\s*\n|\n(?=\\d+\\. |- )")) {
      String line = paragraph.strip().replaceAll("\\s*\n\\s*", " ");
      if (!line.isEmpty()) {
        String bullet = line.replaceFirst("^(\\d+\\.|-) .*", "$1");
        boolean entry = bullet.length() < line.length();
        blocks.add(
            new Block(
                entry ? bullet : "", spans(entry ? line.substring(bullet.length() + 1) : line)));
      }
    }
    return blocks;
  }

  private static List<Span> spans(String line) {
    List<Span> spans = new ArrayList<>();
    String[] parts = line.replaceAll("\\[([^]]+)]\\([^)]*\\)", "$1").split("`", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i % 2 == 1) {
        spans.add(new Span("code", parts[i]));
      } else {
        weighed(spans, parts[i]);
      }
    }
    return spans;
  }

  private static void weighed(List<Span> spans, String text) {
    String[] parts = text.split("\\*\\*", -1);
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].isEmpty()) {
        spans.add(new Span(i % 2 == 1 ? "strong" : "text", parts[i].replaceAll("\\*", "")));
      }
    }
  }

  private static String text() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try (InputStream file = loader.getResourceAsStream("docs/alerts.md")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
