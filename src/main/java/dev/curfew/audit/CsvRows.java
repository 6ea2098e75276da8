package dev.curfew.audit;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Comma-separated values after RFC 4180, every cell quoted, in UTF-8. A cell that a spreadsheet
 * would take for a formula gets an apostrophe in front, and so does one that begins with an
 * apostrophe: taking one leading apostrophe away always gives the value back.
 */
final class CsvRows implements Rows {

  static final List<String> COLUMNS =
      List.of(
          "n",
          "at",
          "kind",
          "outcome",
          "words",
          "actor",
          "actor_name",
          "from",
          "subject",
          "subject_name",
          "target",
          "entitlement",
          "request",
          "grant",
          "proof",
          "id",
          "body",
          "personal");

  private static final String DANGEROUS = "=+-@\t\r\n'＝＋－＠";

  private final Writer out;

  CsvRows(OutputStream out) {
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  @Override
  public void start() throws IOException {
    line(COLUMNS);
  }

  @Override
  public void write(Moment moment) throws IOException {
    line(
        List.of(
            moment.n().toString(),
            moment.at().toString(),
            moment.kind(),
            lower(moment.outcome()),
            moment.words(),
            moment.actor(),
            moment.actorName(),
            moment.from().orElse(""),
            text(moment.subject()),
            text(moment.subjectName()),
            text(moment.target()),
            text(moment.entitlement()),
            text(moment.request()),
            text(moment.grant()),
            moment.proof().orElse(""),
            moment.id(),
            moment.body(),
            JsonRows.json(moment.salted())));
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void end(Manifest manifest) {
    // stated in a file beside this one: a last line of another kind would break every reader
  }

  private void line(List<String> cells) throws IOException {
    String separator = "";
    for (String cell : cells) {
      out.append(separator).append(quoted(cell));
      separator = ",";
    }
    out.append("\r\n");
  }

  static String quoted(String cell) {
    boolean dangerous = !cell.isEmpty() && DANGEROUS.indexOf(cell.charAt(0)) >= 0;
    return '"' + (dangerous ? "'" : "") + cell.replace("\"", "\"\"") + '"';
  }

  static String lower(Entry.Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  private static String text(String value) {
    return Objects.requireNonNullElse(value, "");
  }
}
