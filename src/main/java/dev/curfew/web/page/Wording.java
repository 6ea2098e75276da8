package dev.curfew.web.page;

import dev.curfew.catalog.Change;
import io.quarkus.qute.TemplateExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Times and durations in words, for the templates. Without JavaScript times are read in UTC. */
@TemplateExtension
public final class Wording {

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  /** What a browser's own name holds, and how people say it. */
  private record Named(String sign, String name) {}

  // the first that fits: browsers also name those they descend from
  private static final List<Named> BROWSERS =
      List.of(
          new Named("Edg/", "Edge"),
          new Named("OPR/", "Opera"),
          new Named("Firefox/", "Firefox"),
          new Named("Chrome/", "Chrome"),
          new Named("Safari/", "Safari"));

  private static final List<Named> SYSTEMS =
      List.of(
          new Named("Android", "Android"),
          new Named("iPhone", "an iPhone"),
          new Named("iPad", "an iPad"),
          new Named("Windows", "Windows"),
          new Named("Mac OS X", "a Mac"),
          new Named("Linux", "Linux"));

  private Wording() {}

  public static String iso(Instant instant) {
    return instant.toString();
  }

  public static String utc(Instant instant) {
    return UTC.format(instant);
  }

  /** "45 min", "2 h", "1 h 30 min", "3 days". */
  public static String words(Duration duration) {
    long minutes = duration.toMinutes();
    if (minutes == 0) {
      return duration.toSeconds() + " s";
    }
    if (minutes < 60) {
      return minutes + " min";
    }
    if (minutes % 1440 == 0) {
      return minutes == 1440 ? "24 h" : minutes / 1440 + " days";
    }
    return minutes % 60 == 0 ? minutes / 60 + " h" : minutes / 60 + " h " + minutes % 60 + " min";
  }

  /** How late: "0.4 s", "42 s", "3 min 5 s", "2 h 10 min"; nothing is left out that matters. */
  public static String late(double seconds) {
    if (seconds < 0.05) {
      return "0 s";
    }
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    Duration late = Duration.ofSeconds((long) seconds);
    if (late.toMinutes() == 0) {
      return late.toSeconds() + " s";
    }
    return late.toHours() == 0
        ? late.toMinutes() + " min " + late.toSecondsPart() + " s"
        : late.toHours() + " h " + late.toMinutesPart() + " min";
  }

  static String grants(long count) {
    return count == 1 ? "a grant" : count + " grants";
  }

  /** Messages are written as API details, in lower case; a page speaks in sentences. */
  public static String sentence(String message) {
    if (message.isEmpty()) {
      return message;
    }
    // a name such as orders-db keeps its case
    String first = message.split("\\s", 2)[0];
    boolean name = first.matches(".*[-_/.0-9].*");
    String start = name ? message : Character.toUpperCase(message.charAt(0)) + message.substring(1);
    return start.matches("(?s).*[.!?]") ? start : start + ".";
  }

  /** The same where more follows: without the full stop that others end their messages by. */
  public static String clause(String message) {
    return sentence(message).replaceFirst("[.]+$", "");
  }

  /** The start of a digest or an id: enough to tell it from others. */
  public static String brief(String digest) {
    return digest.length() <= 12 ? digest : digest.substring(0, 12);
  }

  public static String guaranteeTone(String guarantee) {
    return switch (guarantee) {
      case "G1" -> "good";
      case "G2" -> "busy";
      default -> "wait";
    };
  }

  /** What a guarantee class means for somebody who has to decide. */
  public static String guaranteeWords(String guarantee) {
    return switch (guarantee) {
      case "G1" -> "the target itself refuses everything after the end";
      case "G2" -> "the target itself takes no new login after the end";
      default -> "only Curfew ends it; the target does nothing by itself";
    };
  }

  /** How a line of a unified diff is coloured. */
  public static String diffClass(String line) {
    return line.startsWith("+")
        ? "add"
        : line.startsWith("-") ? "del" : line.startsWith("@") ? "at" : "";
  }

  public static String words(Change.How how) {
    return how.name().toLowerCase(Locale.ROOT);
  }

  /** "Firefox on Linux", where what a browser says of itself is known; else what it says. */
  public static String browser(String agent) {
    return named(agent, BROWSERS)
        .map(name -> named(agent, SYSTEMS).map(system -> name + " on " + system).orElse(name))
        .orElse(agent);
  }

  private static Optional<String> named(String agent, List<Named> known) {
    return known.stream().filter(one -> agent.contains(one.sign())).map(Named::name).findFirst();
  }

  /** The start of a longer text, on one line. */
  public static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    int length = line.codePointCount(0, line.length());
    return length <= 120 ? line : line.substring(0, line.offsetByCodePoints(0, 119)) + "…";
  }
}
