package dev.curfew.web.page;

import io.quarkus.qute.TemplateExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times and durations in words, for the templates. Without JavaScript times are read in UTC. */
@TemplateExtension
public final class Wording {

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

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
}
