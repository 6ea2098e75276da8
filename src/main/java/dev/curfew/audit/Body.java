package dev.curfew.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * The body of an entry: canonical JSON (RFC 8785) of at most 16 KiB. What is too long is cut and
 * the body says so: a move, a revocation above all, never fails because its entry is wordy.
 */
final class Body {

  static final int LONGEST = 16 * 1024;

  private static final long EXACT = 1L << 53;
  private static final int[] CHARACTERS = {4_000, 1_000, 200, 50};
  private static final ObjectMapper JSON = new ObjectMapper();

  private Body() {}

  static String of(Map<String, Object> fields) {
    for (int limit : CHARACTERS) {
      String json = canonical(fields, limit);
      if (json.getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
        return json;
      }
    }
    throw new IllegalArgumentException("the body of an entry is over " + LONGEST + " bytes");
  }

  private static String canonical(Map<String, Object> fields, int limit) {
    Cut cut = new Cut(limit);
    Map<String, Object> plain = new TreeMap<>();
    fields.forEach((field, value) -> plain.put(field, cut.plain(value)));
    if (cut.happened) {
      plain.put("cut", true);
    }
    try {
      return new JsonCanonicalizer(JSON.writeValueAsString(plain)).getEncodedString();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an entry's body is no JSON", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("an entry's body has no canonical form", e);
    }
  }

  /** Text that PostgreSQL and JSON can both hold: no U+0000, no half of a surrogate pair. */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(point -> point == 0 || isHalf(point) ? 0xFFFD : point)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isHalf(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  private static final class Cut {

    private final int limit;
    private boolean happened;

    private Cut(int limit) {
      this.limit = limit;
    }

    private Object plain(Object value) {
      if (value instanceof Collection<?> many) {
        return list(many);
      }
      if (value instanceof Map<?, ?> map) {
        return map(map);
      }
      if (value instanceof Boolean) {
        return value;
      }
      if (value instanceof Number number) {
        return number(number);
      }
      return text(words(value));
    }

    private List<Object> list(Collection<?> many) {
      List<Object> plain = new ArrayList<>();
      for (Object each : many) {
        if (plain.size() == limit) {
          happened = true;
          break;
        }
        plain.add(plain(each));
      }
      return plain;
    }

    private Map<String, Object> map(Map<?, ?> map) {
      Map<String, Object> plain = new TreeMap<>();
      map.forEach((key, value) -> plain.put(words(key), plain(value)));
      return plain;
    }

    private static Object number(Number number) {
      if (number instanceof Long whole && Math.abs(whole) > EXACT) {
        throw new IllegalArgumentException("a number over 2^53 is not exact in JSON");
      }
      return number;
    }

    private String text(String text) {
      String clean = clean(text);
      if (clean.codePointCount(0, clean.length()) <= limit) {
        return clean;
      }
      happened = true;
      return clean.substring(0, clean.offsetByCodePoints(0, limit - 1)) + "…";
    }

    private static String words(Object value) {
      if (value instanceof String text) {
        return text;
      }
      if (value instanceof Enum<?> one) {
        return one.name();
      }
      if (value instanceof Instant || value instanceof Duration) {
        return value.toString();
      }
      throw new IllegalArgumentException("an entry does not hold a " + value.getClass().getName());
    }
  }
}
