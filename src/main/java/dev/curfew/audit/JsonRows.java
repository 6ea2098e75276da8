package dev.curfew.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One JSON object a line, the body byte for byte as it was written. The last line is {@code
 * {"export":…}} and states filter, count and the digest of all lines before it; a file without it
 * is not complete.
 */
final class JsonRows implements Rows {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  private final OutputStream stream;
  private final JsonGenerator out;

  JsonRows(OutputStream stream) {
    this.stream = stream;
    try {
      this.out = new JsonFactory().createGenerator(stream).setRootValueSeparator(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an export's row is no JSON", e);
    }
  }

  @Override
  public void start() {
    // no heading
  }

  @Override
  public void write(Moment moment) throws IOException {
    out.writeStartObject();
    out.writeNumberField("n", moment.n());
    out.writeStringField("id", moment.id());
    out.writeStringField("at", moment.at().toString());
    out.writeStringField("kind", moment.kind());
    out.writeStringField("outcome", CsvRows.lower(moment.outcome()));
    out.writeStringField("words", moment.words());
    out.writeStringField("actor", moment.actor());
    optional("subject", moment.subject());
    optional("target", moment.target());
    optional("entitlement", moment.entitlement());
    optional("request", moment.request());
    optional("grant", moment.grant());
    raw("body", moment.body());
    raw("personal", json(moment.salted()));
    out.writeEndObject();
    out.writeRaw('\n');
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void end(Manifest manifest) throws IOException {
    stream.write((json(Map.of("export", manifest)) + "\n").getBytes(StandardCharsets.UTF_8));
    stream.flush();
  }

  private void optional(String field, String value) throws IOException {
    if (value != null) {
      out.writeStringField(field, value);
    }
  }

  private void raw(String field, String json) throws IOException {
    out.writeFieldName(field);
    out.writeRawValue(json);
  }
}
