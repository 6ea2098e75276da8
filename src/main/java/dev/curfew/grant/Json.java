package dev.curfew.grant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Receipt;
import java.util.List;
import java.util.Map;

/** Handles, receipts and lines as the store keeps them. */
final class Json {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static String of(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Handle handle(String json) {
    return read(json, new TypeReference<Handle>() {});
  }

  static Receipt receipt(String json) {
    return new Receipt(read(json, new TypeReference<Map<String, String>>() {}));
  }

  static List<String> lines(String json) {
    return read(json, new TypeReference<List<String>>() {});
  }

  private static <T> T read(String json, TypeReference<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the store holds what we did not write: " + json, e);
    }
  }
}
