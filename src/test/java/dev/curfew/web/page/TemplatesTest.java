package dev.curfew.web.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the content security policy would refuse never gets into a template. */
class TemplatesTest {

  private static final Path TEMPLATES = Path.of("src/main/resources/templates");

  private static final Pattern INLINE =
      Pattern.compile(
          "<style|\\sstyle\\s*=|<script(?![^>]*\\ssrc=)|\\son[a-z]+\\s*=|hx-on|javascript:|\\.raw\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern POST_FORM =
      Pattern.compile("<form[^>]*method=\"post\"[^>]*>(.*?)</form>", Pattern.DOTALL);

  @Test
  void noTemplateHasScriptsStylesOrRawText() {
    List<String> wrong = new ArrayList<>();
    for (Path template : templates()) {
      Matcher inline = INLINE.matcher(text(template));
      while (inline.find()) {
        wrong.add(template.getFileName() + ": " + inline.group());
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void everyPostFormCarriesTheSessionsToken() {
    List<String> wrong = new ArrayList<>();
    for (Path template : templates()) {
      Matcher form = POST_FORM.matcher(text(template));
      while (form.find()) {
        if (!form.group(1).contains("{#csrf /}") && !form.group(1).contains("_csrf")) {
          wrong.add(template.getFileName() + ": " + form.group().lines().findFirst().orElse(""));
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void thereAreTemplatesToLookAt() {
    assertTrue(templates().size() > 10);
  }

  private static List<Path> templates() {
    try (Stream<Path> files = Files.walk(TEMPLATES)) {
      return files.filter(file -> file.toString().endsWith(".html")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path template) {
    try {
      return Files.readString(template);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
